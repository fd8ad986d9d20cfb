package dev.llmproxy.logging;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.chain.Stage;
import java.io.IOException;
import java.util.Optional;
import okio.Buffer;
import okio.ByteString;
import okio.Okio;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes what is sent and what comes back, at {@code TRACE}. It stands next to what sends, so the headers are those that the
 * proxy hands to the HTTP client, which adds its own.
 */
final class WireStage implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger("dev.llmproxy.wire");
    private static final int LONGEST_HEAD = 8 << 10;

    private final HeaderText headers;
    private final BodyText bodies;

    WireStage(HeaderText headers, int bodyBytes) {
        this.headers = headers;
        this.bodies = new BodyText(bodyBytes);
    }

    /** Says in the log that bodies will be there: whoever reads it has to know before. */
    void warn() {
        if (bodies.areShown()) {
            Line.of(LOG, Level.WARN)
                    .say("Bodies of requests and answers are logged at TRACE, up to " + bodies.most()
                            + " bytes of each: prompts and answers will stand in this log");
        }
    }

    @Override
    public LlmResponse handle(LlmRequest request, Chain chain) throws IOException {
        return LOG.isTraceEnabled() ? traced(request, chain) : chain.proceed(request);
    }

    private LlmResponse traced(LlmRequest request, Chain chain) throws IOException {
        Attempt attempt = chain.attempt();
        String id = chain.call().id() + " attempt " + attempt.number();
        sending(request, chain.call(), attempt, id);
        LlmResponse response;
        try {
            response = chain.proceed(request);
        } catch (IOException e) {
            // The class only: a message may quote what it must not.
            of(chain.call(), attempt).say(id + " < no answer, " + e.getClass().getName());
            throw e;
        }
        of(chain.call(), attempt)
                .with(Key.STATUS, response.code())
                .say(
                        id + " < " + response.code() + ", headers "
                                + answered(chain.call(), attempt, request, response.headers()),
                        LONGEST_HEAD);
        return bodies.areShown() ? heard(request, response, chain.call(), attempt, id) : response;
    }

    private void sending(LlmRequest request, CallContext call, Attempt attempt, String id) {
        of(call, attempt)
                .with(Key.METHOD, request.method())
                .with(Key.URL, request.url().toString())
                .say(
                        id + " > " + request.method() + " " + request.url() + ", "
                                + request.body().map(LlmBody::toString).orElse("no body") + ", headers "
                                + withoutKeys(attempt, request, headers.of(request.headers())),
                        LONGEST_HEAD);
        // Of a call to a model the body is in memory, for its request is looked at.
        Optional<LlmBody> body =
                request.body().filter(it -> bodies.areShown() && !it.isOneShot() && BodyText.isText(request.headers()));
        if (body.isPresent() && call.info().dialect().isPresent()) {
            body(body.get(), request, call, attempt, id);
        }
    }

    private void body(LlmBody body, LlmRequest request, CallContext call, Attempt attempt, String id) {
        try {
            ByteString bytes = body.bytes();
            Kept kept = new Kept(bodies.kept());
            kept.add(new Buffer().write(bytes, 0, Math.min(bytes.size(), bodies.kept())), bytes.size());
            say(id + " > body", kept, request, call, attempt);
        } catch (IOException e) {
            of(call, attempt)
                    .say(id + " > body that cannot be read, " + e.getClass().getName());
        }
    }

    private LlmResponse heard(LlmRequest request, LlmResponse response, CallContext call, Attempt attempt, String id) {
        if (!BodyText.isText(response.headers())) {
            return response;
        }
        HeardBody body = new HeardBody(
                response.body(),
                new Kept(bodies.kept()),
                (kept, end) -> say(id + " < body, " + end, kept, request, call, attempt));
        return response.toBuilder().body(Okio.buffer(body), response.length()).build();
    }

    private void say(String what, Kept kept, LlmRequest request, CallContext call, Attempt attempt) {
        ByteString bare = attempt.withoutKeys(request.headers(), kept.bytes());
        of(call, attempt)
                .with(Key.BYTES, kept.count())
                .say(what + ", " + kept.count() + " bytes: " + bodies.of(bare), Integer.MAX_VALUE);
    }

    // A provider may echo what it was sent in a header that is known to be harmless.
    private String answered(CallContext call, Attempt attempt, LlmRequest request, LlmHeaders all) {
        return withoutKeys(attempt, request, headers.of(all, text -> attempt.withoutPrompt(call.request(), text)));
    }

    private static String withoutKeys(Attempt attempt, LlmRequest request, String text) {
        return attempt.withoutKeys(request.headers(), ByteString.encodeUtf8(text))
                .utf8();
    }

    private static Line of(CallContext call, Attempt attempt) {
        return Line.of(LOG, Level.TRACE)
                .with(Key.CALL, call.id())
                .with(Key.ATTEMPT, attempt.number())
                .with(Key.DEPLOYMENT, attempt.deployment());
    }

    @Override
    public String toString() {
        return "log";
    }
}
