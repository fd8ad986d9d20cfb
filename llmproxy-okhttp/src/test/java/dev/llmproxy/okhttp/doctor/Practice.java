package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.okhttp.doctor.Finding.Status;
import dev.llmproxy.testing.LeakCheck;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.time.Duration;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the tests of the doctor share: a provider that asks for a key, and a client. */
abstract class Practice {
    static final String KEY = "sk-proj-canary4711canary4711canary4711";

    // What ends takes its time on a busy machine.
    @RegisterExtension
    final LeakCheck leaks = new LeakCheck().within(Duration.ofSeconds(30));

    final ScriptedProvider provider = ScriptedProvider.start();
    final OkHttpClient client = new OkHttpClient();

    @AfterEach
    void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        provider.close();
    }

    /** Answers those who have a key with the reply, the others with 401. */
    void answer(Function<ReceivedRequest, Reply> reply) {
        provider.answer(request -> hasKey(request) ? reply.apply(request) : Lists.unauthorized());
    }

    void answer(Reply reply) {
        answer(request -> reply);
    }

    private static boolean hasKey(ReceivedRequest request) {
        return request.headerLines().stream().anyMatch(line -> line.contains(KEY));
    }

    Doctor doctor() {
        return doctor(provider.url("/v1"));
    }

    Doctor doctor(String base) {
        return Doctor.of(client, Credentials.bearer(base, ApiKey.of(KEY))).checkLimit(Duration.ofSeconds(5));
    }

    static Finding find(String check, Doctor.Examination examination) {
        assertThat(examination.toText() + examination.toJson()).doesNotContain("canary4711");
        return examination.findings().stream()
                .filter(each -> each.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    static void assertStatus(Status status, String check, Doctor.Examination examination) {
        assertThat(find(check, examination).status()).as(examination.toText()).isEqualTo(status);
    }
}
