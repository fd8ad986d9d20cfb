package dev.llmproxy.diagnosis;

import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.chain.AnswerEvidence;
import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.RequestEvidence;
import dev.llmproxy.chain.TimingEvidence;
import dev.llmproxy.dialect.ErrorPage;
import dev.llmproxy.dialect.ProviderError;
import dev.llmproxy.dialect.RateLimit;
import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.dialect.RetryAfter;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okio.ByteString;

/**
 * An answer with an error, as the rules look at it: its names and its words in lower case, and what it asks for. Of a
 * router's answer, what the provider behind it said counts as well.
 */
final class Refusal {
    private static final int LONGEST_QUOTE = 200;
    private static final int LONGEST_ID = 64;
    private static final int MOST_LIMITS = 4;
    private static final List<String> ECHOES = List.of(
            "'input':",
            "\"input\":",
            "input_value=",
            "'body':",
            "\"body\":",
            "failed_generation",
            "'messages':",
            "\"messages\":");

    private final Case of;
    private final Optional<ProviderError> inner;
    private final List<String> names;
    private final String words;
    private final int status;
    private final RetryAfter retryAfter;
    private final List<RateLimit> limits;

    Refusal(Case of) {
        this.of = of;
        this.inner = of.error().flatMap(this::errorWithin);
        this.names = new ArrayList<>();
        of.error().ifPresent(error -> addNames(error, names));
        inner.ifPresent(error -> addNames(error, names));
        this.words = wordsSaid();
        this.status = InBand.statusOf(of.answer().status(), names);
        this.retryAfter = RetryAfter.of(of.answer().status(), headers(), of.error());
        this.limits = RateLimit.in(headers());
    }

    // Routers have a member for it; other gateways put what they were answered into their own message.
    private Optional<ProviderError> errorWithin(ProviderError error) {
        return error.raw()
                .or(() -> error.message().flatMap(this::objectIn))
                .flatMap(raw -> ProviderError.parse(LlmHeaders.empty(), ByteString.encodeUtf8(raw)));
    }

    // Where a request is refused for what it says, an object in the message may be a part of it.
    private Optional<String> objectIn(String message) {
        int start = message.indexOf('{');
        int answered = of.answer().status();
        return start < 0 || answered == 400 || answered == 422
                ? Optional.empty()
                : Optional.of(withoutEcho(message.substring(start)));
    }

    private static void addNames(ProviderError error, List<String> names) {
        for (Optional<String> name :
                List.of(error.detailCode(), error.code(), error.type(), error.reason(), error.status())) {
            name.ifPresent(text -> names.add(text.toLowerCase(Locale.ROOT)));
        }
    }

    // What a challenge says is read like a message: some bodies are empty.
    private String wordsSaid() {
        String message = error().flatMap(ProviderError::message).orElse("");
        String raw = error().flatMap(ProviderError::raw).orElse("");
        String challenge = headers().get("www-authenticate").orElse("");
        return (message + '\n' + raw + '\n' + challenge).toLowerCase(Locale.ROOT);
    }

    AttemptEvidence evidence() {
        return of.evidence();
    }

    RequestEvidence request() {
        return of.request();
    }

    AnswerEvidence answer() {
        return of.answer();
    }

    TimingEvidence timing() {
        return of.timing();
    }

    Population population() {
        return of.population();
    }

    Optional<ProviderError> error() {
        return of.error();
    }

    Optional<ErrorPage> page() {
        return of.page();
    }

    LlmHeaders headers() {
        return of.answer().headers();
    }

    String path() {
        return of.evidence().path();
    }

    String host() {
        return of.host();
    }

    /** Returns the status; of an error within a success the one that it would have had, or 0. */
    int status() {
        return status;
    }

    boolean isStatus(int... any) {
        for (int candidate : any) {
            if (status == candidate) {
                return true;
            }
        }
        return false;
    }

    /** Says whether the error stands in an answer of success, where its status is told by its names at best. */
    boolean isInBand() {
        return of.answer().status() < 300;
    }

    boolean carriedCredential() {
        return of.request().carriedCredential();
    }

    RetryAfter retryAfter() {
        return retryAfter;
    }

    List<RateLimit> limits() {
        return limits;
    }

    /** Returns the model that was asked for, in lower case. */
    Optional<String> model() {
        return of.evidence().model().map(name -> name.toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty());
    }

    /** Returns the model that was asked for as a word of a sentence, or nothing. */
    String modelText() {
        return of.evidence().model().map(name -> " " + Redaction.ofName(name)).orElse("");
    }

    /** Returns the parameter that was refused, or nothing. */
    String parameter() {
        return of.error()
                .flatMap(ProviderError::param)
                .map(answer()::withoutPrompt)
                .orElse("");
    }

    /** Returns who failed behind a router, or nothing. */
    Optional<String> behind() {
        return of.error().flatMap(ProviderError::provider).map(answer()::withoutPrompt);
    }

    /** Returns the messages in lower case. */
    String words() {
        return words;
    }

    boolean says(String phrase) {
        return words.contains(phrase);
    }

    boolean says(List<String> phrases) {
        for (String phrase : phrases) {
            if (words.contains(phrase)) {
                return true;
            }
        }
        return false;
    }

    boolean isNamed(String name) {
        return names.contains(name);
    }

    boolean isNamed(List<String> any) {
        for (String name : names) {
            if (any.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the provider's own words as the end of a sentence, or nothing where it said none. */
    String quote() {
        if (error().isEmpty()) {
            return of.page()
                    .flatMap(ErrorPage::title)
                    .map(title -> quoted(title, LONGEST_QUOTE))
                    .orElse("");
        }
        String said = error().flatMap(ProviderError::message)
                .map(text -> quoted(text, LONGEST_QUOTE))
                .orElse("");
        // A router's own message says nothing of what happened behind it.
        int left = LONGEST_QUOTE - said.length();
        return left < LONGEST_QUOTE / 2 || error().flatMap(ProviderError::raw).isEmpty()
                ? said
                : said
                        + inner.flatMap(ProviderError::message)
                                .map(text -> quoted(text, left))
                                .orElse("");
    }

    private String quoted(String text, int longest) {
        String shown = answer().withoutPrompt(withoutEcho(text));
        if (shown.length() > longest) {
            shown = shown.substring(0, longest - 3) + "...";
        }
        return shown.isBlank() ? "" : ": \"" + shown + '"';
    }

    // Some servers put the request that they refuse into their message, prompt and all.
    private static String withoutEcho(String text) {
        int end = text.length();
        for (String echo : ECHOES) {
            int at = text.indexOf(echo);
            end = at < 0 ? end : Math.min(end, at);
        }
        return end == text.length() ? text : text.substring(0, end) + "...";
    }

    /** Begins a fault with what was observed of this answer. */
    Fault.Builder fault(FaultCause cause, double confidence, String summary) {
        Fault.Builder fault = Fault.builder(cause)
                .confidence(confidence)
                .summary(summary)
                .evidence("status", of.answer().status());
        of.error().ifPresent(error -> names(error, fault));
        of.page().ifPresent(page -> page(page, fault));
        retry(fault);
        if (cause.family() == FaultFamily.RESOURCE_EXHAUSTION) {
            limits.stream().limit(MOST_LIMITS).forEach(limit -> limit(limit, fault));
        }
        return fault;
    }

    private void names(ProviderError error, Fault.Builder fault) {
        add(fault, "error type", error.type());
        add(fault, "error code", error.code());
        add(fault, "error detail", error.detailCode());
        add(fault, "error status", error.status());
        add(fault, "error reason", error.reason());
        add(fault, "parameter", error.param());
        add(fault, "quota", error.quotaId());
        add(fault, "failed behind it", error.provider());
        add(fault, "request id", error.requestId());
    }

    private void add(Fault.Builder fault, String name, Optional<String> value) {
        value.ifPresent(text -> fault.evidence(name, answer().withoutPrompt(answer().withoutKeys(text))));
    }

    private void page(ErrorPage page, Fault.Builder fault) {
        add(fault, "page by", page.edge().map(EdgeRules::nameOf));
        add(fault, "page title", page.title().filter(title -> !title.isEmpty()));
        add(fault, "cf-ray", headers().get("cf-ray").filter(Refusal::isShortId));
    }

    private static boolean isShortId(String text) {
        return text.length() <= LONGEST_ID
                && text.chars().allMatch(c -> c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
    }

    private void retry(Fault.Builder fault) {
        retryAfter
                .delay()
                .ifPresent(delay -> fault.evidence("asks to wait", time(delay) + " (" + retryAfter.source() + ")"));
        retryAfter.shouldRetry().ifPresent(advice -> fault.evidence("x-should-retry", advice));
    }

    private static void limit(RateLimit limit, Fault.Builder fault) {
        StringBuilder text = new StringBuilder();
        limit.remaining().ifPresent(left -> text.append(Numbers.grouped(left)).append(" left"));
        limit.limit().ifPresent(all -> text.append(" of ").append(Numbers.grouped(all)));
        limit.reset().ifPresent(reset -> text.append(", whole again in ").append(time(reset)));
        if (text.length() > 0) {
            fault.evidence("limit of " + limit.name(), text.toString().strip());
        }
    }

    static String time(Duration time) {
        return Units.time(time.toNanos());
    }
}
