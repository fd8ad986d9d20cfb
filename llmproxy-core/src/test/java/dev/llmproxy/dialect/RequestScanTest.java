package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestScanTest {
    private static final int BODIES = 5_000;
    private static final LlmUrl URL = LlmUrl.of("https://api.openai.com/v1/embeddings");
    // Pieces of requests, in any order, some of them damaged.
    private static final String[] PIECES = {
        "\"model\":\"m\",",
        "\"model\":\"half a na",
        "\"max_tokens\":5,",
        "\"max_completion_tokens\":7.9,",
        "\"max_tokens\":-",
        "\"temperature\":0.5,",
        "\"temperature\":1e99,",
        "\"stream\":true,",
        "\"tools\":[{\"name\":\"f\"},{\"function\":{\"name\":\"\\u0067\"}}],",
        "\"tools\":[{\"name\":\"f\",\"name\":\"g\"}],",
        "\"input\":[\"a\",\"b\"],",
        "\"input\":[1,2,3],",
        "\"texts\":[\"a\",",
        "\"input\":\"a\\nb\",",
        "\"dimensions\":256,",
        "\"encoding_format\":\"base64\",",
        "\"requests\":[{\"outputDimensionality\":5},null,{}],",
        "\"system\":\"\\ud83d\",",
        "\"system\":\"s\",",
        "\"a\":{\"model\":\"no\",\"max_tokens\":1},",
        "\u0001",
        "\ufeff",
        "[[",
        "}",
    };

    private final Dialect dialect =
            Dialect.ofRequest(LlmRequest.builder("POST", URL).build()).orElseThrow();

    // In its words and its facts, which shows that nothing is left of what was read before.
    @Test
    void readsAnyBodyAfterAnyOtherAsANewOneDoes() {
        Random random = new Random(42);
        RequestScan used = new RequestScan();
        for (int i = 0; i < BODIES; i++) {
            ByteString body = body(random);
            assertThat(told(used, body)).as("body %d", i).isEqualTo(told(new RequestScan(), body));
        }
    }

    private static ByteString body(Random random) {
        StringBuilder body = new StringBuilder(random.nextInt(20) == 0 ? "" : "{");
        for (int pieces = random.nextInt(7); pieces > 0; pieces--) {
            body.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return ByteString.encodeUtf8(
                body.append(random.nextInt(4) == 0 ? "" : "\"z\":0}").toString());
    }

    private List<Object> told(RequestScan scan, ByteString body) {
        List<Object> told = new ArrayList<>();
        told.add(dialect.readFacts(URL, body, scan));
        scan.tell(body, (rule, severity, detail) -> told.add(rule + " " + severity + ": " + detail));
        told.add(scan.hasMaxTokens());
        told.add(scan.hasMaxCompletionTokens());
        return told;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_tokens",
                "max_completion_tokens",
                "model",
                "messages",
                "input",
                "contents",
                "system",
                "tools",
                "stream",
                "temperature"
            })
    void tellsOfAMemberThatComesTwice(String name) {
        assertThat(findings("{\"" + name + "\":1,\"" + name + "\":2}"))
                .containsExactly("request.json WARNING: the member " + name + " comes twice");
    }

    // Who reads them takes one of the two, and so does the server.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tools\":[{\"name\":\"f\",\"name\":\"g\"}]}",
                "{\"options\":{\"temperature\":1,\"temperature\":2}}",
                "{\"options\":{\"num_predict\":1,\"num_predict\":2}}",
                "{\"prompt\":\"a\",\"prompt\":\"b\"}",
                "{\"requests\":[],\"requests\":[]}",
                "{\"dimensions\":1,\"dimensions\":2}",
                "{\"max_output_tokens\":1,\"max_output_tokens\":2}",
            })
    void isSilentOfOtherNamesThatComeTwice(String body) {
        assertThat(findings(body)).isEmpty();
    }

    private static List<String> findings(String json) {
        RequestScan scan = new RequestScan();
        List<String> told = new ArrayList<>();
        ByteString body = ByteString.encodeUtf8(json);
        var unused = scan.read(body, false);
        scan.tell(body, (rule, severity, detail) -> told.add(rule + " " + severity + ": " + detail));
        return told;
    }
}
