package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/** What a cache remembers of those who ask. */
class ForgottenRequestsTest {
    private static final int PLACES = 256;
    private static final String CANARY = "sk-canary-4711";

    private static LlmRequest question(String credential) {
        LlmRequest plain = CachedCalls.question(CachedCalls.QUESTION);
        return plain.toBuilder()
                .headers(plain.headers().with("Authorization", credential))
                .build();
    }

    private static long alive(List<? extends WeakReference<?>> references, long wanted) {
        long alive = Long.MAX_VALUE;
        for (int i = 0; i < 100 && alive > wanted; i++) {
            System.gc();
            alive = references.stream().filter(kept -> kept.get() != null).count();
        }
        return alive;
    }

    @Test
    void noRequestAndNoBodyIsKept() throws IOException {
        try (CachedCalls calls = new CachedCalls(ResponseCache.inMemory(1 << 20))) {
            List<WeakReference<Object>> asked = new ArrayList<>();
            for (String cache : new String[] {"miss", "hit", "hit"}) {
                ask(calls, cache, asked);
            }
            assertThat(alive(asked, 0)).isZero();
            assertThat(calls.sent).isOne();
        }
    }

    private static void ask(CachedCalls calls, String expected, List<WeakReference<Object>> asked) throws IOException {
        LlmBody body = LlmBody.of(ByteString.encodeUtf8(CachedCalls.QUESTION), "application/json");
        LlmRequest request = question(CANARY).toBuilder().body(body).build();
        asked.add(new WeakReference<>(body));
        asked.add(new WeakReference<>(request));
        assertThat(calls.ask(request, CallOptions.none(), CachedCalls.saying("yes"))
                        .cache())
                .isEqualTo(expected);
    }

    // By who asked last: they are known again by them.
    @Test
    void fewCredentialsAreKept() throws IOException {
        try (CachedCalls calls = new CachedCalls(ResponseCache.inMemory(1 << 20))) {
            List<WeakReference<String>> credentials = new ArrayList<>();
            for (int i = 0; i < 3 * PLACES; i++) {
                String credential = "Bearer " + CANARY + i;
                credentials.add(new WeakReference<>(credential));
                calls.ask(question(credential), CallOptions.none(), CachedCalls.saying("yes"));
            }
            assertThat(alive(credentials, PLACES)).isBetween(1L, (long) PLACES);
        }
    }

    @Test
    void nothingThatIsKeptPrintsMoreThanNumbers() {
        LlmRequest request = question(CANARY);
        Dialect dialect = Dialect.ofRequest(request).orElseThrow();
        Optional<ByteString> own = Optional.of(ByteString.encodeUtf8(CANARY));
        HeaderRoles roles = new HeaderRoles();
        Marks marks = Marks.of(request, dialect, "canary-tenant", url -> own, roles);
        Askers askers = new Askers(new Hmac(ByteString.of(new byte[32])), false, url -> own);
        Asker asker = askers.of(request, dialect, "canary-tenant");
        SeenBody body = new SeenBodies().get(dialect, request, ByteString.encodeUtf8(CachedCalls.QUESTION));
        KeyedRequest keyed = body.keyed(asker);
        assertThat(List.of(marks, askers, asker, body, keyed, roles).toString()).doesNotContain("canary");
        assertThat(new Object[] {marks, askers, asker, roles})
                .extracting(Object::toString)
                .containsExactly("1 headers", "1 met", "asker 1", "1 names");
    }
}
