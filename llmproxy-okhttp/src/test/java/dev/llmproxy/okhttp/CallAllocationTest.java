package dev.llmproxy.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.integrity.Integrity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;

/** What a call through the chain allocates beyond the same call of OkHttp alone: a large part of its price. */
class CallAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Request REQUEST = new Request.Builder()
            .url("https://api.openai.com/v1/chat/completions")
            .post(RequestBody.create("{\"model\":\"gpt-4o-mini\",\"messages\":[]}", JSON))
            .build();
    private static final int CALLS = 5_000;
    // There are 2,900 to 3,450: what the compiler keeps off the heap is not the same in every run.
    private static final long MOST_BYTES = 3_600;
    // Code allocates more before it is compiled, which takes its time on a busy machine.
    private static final int LEAST_ROUNDS = 4;
    private static final int MOST_ROUNDS = 40;

    @Test
    void aCallThroughTheChainAllocatesLittle() throws IOException {
        try (LlmProxy proxy = LlmProxy.builder().integrity(Integrity.off()).build()) {
            OkHttpClient bare = answered(new OkHttpClient.Builder());
            OkHttpClient bound = answered(OkHttpLlmProxy.install(new OkHttpClient.Builder(), proxy));
            long alone = least(bare, Long.MAX_VALUE);
            assertThat(least(bound, alone + MOST_BYTES) - alone).isLessThanOrEqualTo(MOST_BYTES);
        }
    }

    private static long least(OkHttpClient client, long enough) throws IOException {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < LEAST_ROUNDS || (round < MOST_ROUNDS && least > enough); round++) {
            least = Math.min(least, bytes(client));
        }
        return least;
    }

    private static OkHttpClient answered(OkHttpClient.Builder client) {
        return client.addInterceptor(CallAllocationTest::answer).build();
    }

    private static Response answer(Interceptor.Chain chain) {
        return new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .body(ResponseBody.create("{\"object\":\"chat.completion\"}", JSON))
                .build();
    }

    private static long bytes(OkHttpClient client) throws IOException {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < CALLS; i++) {
            try (Response response = client.newCall(REQUEST).execute()) {
                var unused = response.body().bytes();
            }
        }
        return (THREADS.getThreadAllocatedBytes(thread) - before) / CALLS;
    }
}
