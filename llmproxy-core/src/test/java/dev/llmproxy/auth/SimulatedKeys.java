package dev.llmproxy.auth;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.integrity.Integrity;
import dev.llmproxy.simulation.SimulatedTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import okio.ByteString;

/** A provider that limits one of three keys and revokes another, and an application that calls at a steady rate. */
final class SimulatedKeys {
    static final List<String> KEYS = List.of("key-of-east-1", "key-of-west-2", "key-of-north-3");

    private static final Duration LENGTH = Duration.ofMinutes(10);
    private static final long REVOKED_AT = Duration.ofMinutes(5).toNanos();
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final int LIMIT = 60;
    private static final int PER_SECOND = 4;
    private static final String REJECTED =
            "{\"error\":{\"message\":\"Incorrect API key provided\",\"code\":\"invalid_api_key\"}}";
    private static final String LIMITED = "{\"error\":{\"message\":\"Rate limit reached for requests\","
            + "\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}";

    // One thread of the simulation runs at a time.
    private final SimulatedTime time = new SimulatedTime();
    private final SplittableRandom random = new SplittableRandom(1);
    private final int[] answered = new int[KEYS.size()];
    private final IntFunction<String> ownKey;
    private long minute = -1;
    private int inMinute;
    private int limited;
    private int rejected;
    private int calls;
    private int failed;

    private SimulatedKeys(IntFunction<String> ownKey) {
        this.ownKey = ownKey;
    }

    /** An application that chooses the key of each call by its number, before the proxy sees it. */
    static SimulatedKeys choosing(IntFunction<String> keyOfCall, LlmProxy.Builder builder) {
        return new SimulatedKeys(keyOfCall).run(builder);
    }

    /** An application that leaves its keys to a pool. */
    static SimulatedKeys pooled(LlmProxy.Builder builder) {
        Credentials keys =
                Credentials.openAi(ApiKey.of(KEYS.get(0))).or(ApiKey.of(KEYS.get(1)), ApiKey.of(KEYS.get(2)));
        return new SimulatedKeys(number -> "none").run(builder.credentials(keys));
    }

    private SimulatedKeys run(LlmProxy.Builder builder) {
        try (LlmProxy proxy = builder.integrity(Integrity.off())
                .ticker(time)
                .random(new SplittableRandom(2))
                .build()) {
            for (int i = 0; i < PER_SECOND * LENGTH.toSeconds(); i++) {
                int number = i;
                time.at(Duration.ofSeconds(1).multipliedBy(i).dividedBy(PER_SECOND), () -> call(proxy, number));
            }
            time.run();
        }
        return this;
    }

    private void call(LlmProxy proxy, int number) {
        calls++;
        FakeTransport transport = new FakeTransport();
        for (int i = 0; i < KEYS.size(); i++) {
            transport.script(this::answer);
        }
        String body = "{\"model\":\"gpt-4o\",\"messages\":[],\"seed\":" + number + "}";
        LlmRequest request = FakeTransport.chat().toBuilder()
                .header("Authorization", "Bearer " + ownKey.apply(number))
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), transport)) {
            failed += response.isSuccessful() ? 0 : 1;
        } catch (IOException e) {
            failed++;
        }
    }

    private LlmResponse answer(LlmRequest request, Attempt attempt) throws IOException {
        String key = request.headers().get("Authorization").orElse("").replace("Bearer ", "");
        int number = KEYS.indexOf(key);
        long now = time.nanos();
        if (number == 1 && now >= REVOKED_AT) {
            rejected++;
            return FakeTransport.json(401, REJECTED).to(request, attempt);
        }
        if (number == 0 && isOverLimit(now)) {
            limited++;
            long seconds = 1 + (MINUTE - now % MINUTE) / Duration.ofSeconds(1).toNanos();
            return FakeTransport.json(429, LIMITED).to(request, attempt).toBuilder()
                    .header("retry-after", Long.toString(seconds))
                    .build();
        }
        answered[number]++;
        // Long enough for answers to come after the refusal of what was sent later.
        time.park(
                (long) ((0.5 + 2 * random.nextDouble()) * Duration.ofSeconds(1).toNanos()));
        return FakeTransport.ok().to(request, attempt);
    }

    private boolean isOverLimit(long now) {
        if (now / MINUTE != minute) {
            minute = now / MINUTE;
            inMinute = 0;
        }
        return ++inMinute > LIMIT;
    }

    double failedShare() {
        return (double) failed / calls;
    }

    int rejected() {
        return rejected;
    }

    int limited() {
        return limited;
    }

    /** Returns the share of the calls that a key was good for. */
    double share(int key) {
        return (double) answered[key] / calls;
    }
}
