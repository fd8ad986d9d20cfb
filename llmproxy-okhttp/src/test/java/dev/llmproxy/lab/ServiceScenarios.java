package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import okhttp3.Request;

/** Refusals of limits, requests and providers, and what is wrong with requests before they are sent. */
final class ServiceScenarios {
    private ServiceScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (FaultCause cause : List.of(
                FaultCause.RATE_LIMIT_REQUESTS,
                FaultCause.RATE_LIMIT_TOKENS,
                FaultCause.RATE_LIMIT_BURST,
                FaultCause.CONCURRENCY_LIMIT,
                FaultCause.REQUEST_OVER_LIMIT,
                FaultCause.QUOTA_EXHAUSTED,
                FaultCause.DAILY_LIMIT,
                FaultCause.PROVIDER_OVERLOADED,
                FaultCause.MODEL_LOADING,
                FaultCause.CONTEXT_LENGTH,
                FaultCause.BODY_TOO_LARGE,
                FaultCause.MODEL_UNKNOWN,
                FaultCause.MODEL_RETIRED,
                FaultCause.WRONG_ENDPOINT,
                FaultCause.INVALID_REQUEST,
                FaultCause.CONTENT_POLICY,
                FaultCause.SERVER_ERROR,
                FaultCause.BAD_GATEWAY,
                FaultCause.UNAVAILABLE,
                FaultCause.CONFLICT)) {
            all.add(Scenario.of(cause, "a provider's refusal", trial -> Refusal.meet(trial, cause)));
        }
        all.add(Scenario.of(FaultCause.PROVIDER_OVERLOADED, "overload told inside a stream", ServiceScenarios::inBand));
        all.add(Scenario.of(
                FaultCause.IN_BAND_ERROR,
                "an error inside a success, of no known kind",
                ServiceScenarios::unknownInBand));
        all.add(Scenario.of(
                FaultCause.TOKEN_LIMIT_TOO_LOW, "the answer is cut by max_tokens", ServiceScenarios::cutByLimit));
        all.add(Scenario.of(FaultCause.MALFORMED_JSON, "the request is no JSON", ServiceScenarios::malformedJson));
        all.add(Scenario.of(
                FaultCause.MALFORMED_TEXT, "half a character in the prompt", ServiceScenarios::malformedText));
        all.add(Scenario.of(FaultCause.CANCELLED, "the application cancels", ServiceScenarios::cancelled));
        return all;
    }

    private static void inBand(Trial trial) {
        List<String> events = new ArrayList<>(Api.ANTHROPIC
                .events(Api.words(trial.random()))
                .subList(0, 2 + trial.random().nextInt(3)));
        events.add("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":"
                + "\"Overloaded\"}}\n\n");
        trial.provider().always(Api.stream(events));
        trial.call(Api.ANTHROPIC.request(trial.provider().url(), true, "Why?"));
    }

    private static void unknownInBand(Trial trial) {
        trial.provider()
                .always(Reply.json(200, "{\"error\":{\"message\":\"something went wrong\",\"type\":\"odd_error\"}}"));
        trial.call(Api.OPENAI.request(trial.provider().url(), false, "Why?"));
    }

    private static void cutByLimit(Trial trial) {
        trial.provider()
                .always(Reply.json(
                        200, trial.api().plain("Because of the", trial.api().limitWord())));
        trial.call(trial.api().request(trial.provider().url(), false, "Why?"));
    }

    private static void malformedJson(Trial trial) {
        String[] bodies = {"{\"model\":\"gpt-4o\",\"messages\":[}", "[]", "not json", "{\"model\":\"gpt-4o\"} {}"};
        trial.provider().always(trial.healthy());
        trial.call(TimeoutScenarios.post(
                trial.provider().url("/v1/chat/completions"),
                bodies[trial.random().nextInt(bodies.length)]));
    }

    private static void malformedText(Trial trial) {
        trial.provider().always(trial.healthy());
        trial.call(TimeoutScenarios.post(
                trial.provider().url("/v1/chat/completions"),
                "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"half \\ud83d\"}]}"));
    }

    private static void cancelled(Trial trial) throws InterruptedException {
        trial.provider().always(trial.healthy().afterRequest().stall());
        Request request = trial.request();
        CountDownLatch over = new CountDownLatch(1);
        Thread canceller = new Thread(() -> {
            try {
                var unused = trial.provider().takeRequest(java.time.Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                trial.client().dispatcher().runningCalls().forEach(okhttp3.Call::cancel);
                over.countDown();
            }
        });
        trial.client();
        canceller.start();
        trial.call(request);
        over.await();
    }
}
