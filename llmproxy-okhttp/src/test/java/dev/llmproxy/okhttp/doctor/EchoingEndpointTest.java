package dev.llmproxy.okhttp.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.Doctor;
import dev.llmproxy.testing.ReceivedRequest;
import dev.llmproxy.testing.Reply;
import dev.llmproxy.testing.ScriptedProvider;
import java.io.IOException;
import java.util.List;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an endpoint says again of the key, the doctor does not, and its JSON is sound. */
class EchoingEndpointTest extends Practice {
    // No known beginning: nothing but the key itself tells that it is one.
    private static final String PLAIN_KEY = "tulip canary4711 orchid";

    private static Reply everywhere(int status, String key) {
        String body = "{\"error\":{\"message\":\"" + key + "\",\"type\":\"" + key + "\",\"code\":\"" + key + "\"},"
                + "\"data\":[{\"id\":\"gpt-" + key + "\",\"name\":\"" + key + "\"}]}";
        return Reply.status(status)
                .header("Content-Type", "text/x-" + key)
                .header("Server", key)
                .header("X-Request-Id", key)
                .header("Via", key)
                .header("Retry-After", key)
                .header("Location", "https://elsewhere.example/" + key + "?key=" + key)
                .header("WWW-Authenticate", "Bearer realm=\"" + key + "\"")
                .header("x-ratelimit-limit-requests", key)
                .header("x-ratelimit-limit-" + key.replace(' ', '-'), "1")
                .body(
                        status == 200
                                ? body.substring(body.indexOf("\"data\"") - 1).replaceFirst("^,", "{")
                                : body);
    }

    private Doctor.Examination examine(String key) {
        return Doctor.of(client, Credentials.bearer(provider.url("/v1"), ApiKey.of(key)))
                .model("gpt-")
                .live()
                .examine();
    }

    private static void assertHarmless(Doctor.Examination found) throws IOException {
        String all = found.toText() + found.toTerminal() + found.toJson() + found.findings() + found;
        assertThat(all).doesNotContain("canary4711");
        assertThat(all.replace("\n", "")).doesNotContainPattern("\\p{Cntrl}");
        assertThat(found.exitCode()).as(found.toText()).isNotZero();
        try (JsonReader json = JsonReader.of(new Buffer().writeUtf8(found.toJson()))) {
            json.skipValue();
            assertThat(json.peek()).isEqualTo(JsonReader.Token.END_DOCUMENT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 400, 401, 403, 404, 407, 429, 500, 503})
    void aKeyIsNotSaidAgain(int status) throws IOException {
        for (String key : List.of(KEY, PLAIN_KEY.replace(' ', '_'))) {
            provider.always(everywhere(status, key));
            assertHarmless(examine(key));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void aKeyFollowsNoRedirect(int status) throws IOException {
        try (ScriptedProvider other = ScriptedProvider.start()) {
            other.always(Lists.openAi());
            provider.always(Reply.status(status).header("Location", other.url("/v1/models")));
            assertHarmless(examine(KEY));
            assertThat(other.requestsStarted()).isZero();
        }
    }

    @Test
    void longHeadersAndPagesStayShort() throws IOException {
        String huge = "x".repeat(100_000);
        provider.always(Reply.status(200)
                .header("Content-Type", "text/html; " + huge)
                .header("Server", huge)
                .body("<html><title>" + huge + "</title>" + huge));
        Doctor.Examination found = examine(KEY);
        assertHarmless(found);
        assertThat(found.toText().length() + found.toJson().length()).isLessThan(32 << 10);
        assertThat(provider.requests()).extracting(ReceivedRequest::method).contains("GET");
    }
}
