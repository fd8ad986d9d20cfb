package dev.llmproxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import okio.Buffer;
import okio.ByteString;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a name or in what a stage of the application's says: each form is valid, short, and text alone. */
class HostileNamesTest {
    private static final int MOST = 64 << 10;

    @TempDir
    Path directory;

    private static LlmRequest asking(String model) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        return FakeTransport.chat().toBuilder()
                .body(LlmBody.of(ByteString.encodeUtf8(body), "application/json"))
                .build();
    }

    private static void call(LlmProxy proxy, LlmRequest request, FakeTransport.Answer answer) {
        try (LlmResponse response = proxy.execute(request, CallOptions.none(), FakeTransport.answering(answer))) {
            response.body().readAll(Okio.blackhole());
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
    }

    private void assertHarmless(Report report, int empty) throws IOException {
        assertThat(report.toText().replace("\n", "")).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\p{Cs}]");
        assertThat(report.toText().length()).isLessThan(MOST);
        String json = report.toJson();
        assertThat(json.length()).isLessThan(MOST);
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(json))) {
            reader.skipValue();
            assertThat(reader.peek()).isEqualTo(JsonReader.Token.END_DOCUMENT);
        }
        Path file = directory.resolve("report.html");
        report.writeHtml(file);
        String page = Files.readString(file, StandardCharsets.UTF_8); // Throws on what is no UTF-8.
        assertThat(page.replaceAll("[\\n\\t]", "")).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
        assertThat(page.length()).isLessThan(empty + MOST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\u0000b",
                "\\ud800x",
                "x\\udc00",
                "\\u202egpt",
                "\\u2028\\u0085\\u007f",
                "\\ufeff\\u200b",
                "]]>-->"
            })
    void ofModelsAndAnswers(String name) throws IOException {
        try (LlmProxy proxy = LlmProxy.builder().build()) {
            int empty = ReportPage.file(proxy.report()).length();
            for (String model : new String[] {name, name.repeat(100), name.repeat(100_000)}) {
                call(proxy, asking(model), FakeTransport.json(404, "{\"error\":{\"message\":\"" + model + "\"}}"));
                call(
                        proxy,
                        asking(model),
                        FakeTransport.json(
                                200,
                                "{\"id\":\"" + model + "\",\"object\":\"chat.completion\",\"created\":1,\"model\":\""
                                        + model
                                        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a\"},"
                                        + "\"finish_reason\":\"" + model + "\"}]}"));
            }
            assertHarmless(proxy.report(), empty);
        }
    }

    @Test
    void ofFaultsThatAStageRaises() throws IOException {
        String evil = ("\u0000\ud800\u202e\u2028</script><b>" + "x".repeat(100)).repeat(10_000);
        try (LlmProxy proxy = LlmProxy.builder()
                .aroundCall((request, chain) -> {
                    throw chain.call()
                            .raise(Fault.builder(FaultCause.UNKNOWN)
                                    .summary(evil)
                                    .where(evil)
                                    .evidence(evil, evil)
                                    .ruledOut(evil)
                                    .remedy(evil, evil)
                                    .build());
                })
                .build()) {
            int empty = ReportPage.file(proxy.report()).length();
            call(proxy, asking("gpt-4o"), FakeTransport.ok());
            Report report = proxy.report();
            assertHarmless(report, empty);
            assertThat(report.faults().get(0).example().explain().replace("\n", ""))
                    .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\p{Cs}]");
        }
    }
}
