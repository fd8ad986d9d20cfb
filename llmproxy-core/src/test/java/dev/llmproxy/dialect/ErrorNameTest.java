package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a finding tells of an error inside an answer, which knows no request and may not quote it. */
class ErrorNameTest {
    private static Judged.Found foundIn(String type, String code) {
        String answer = "{\"error\":{\"type\":\"" + type + "\",\"code\":\"" + code + "\",\"message\":\"no\"}}";
        Judged judged = Judged.document(ChoicesAnswer::ofChat, answer.getBytes(StandardCharsets.UTF_8));
        return judged.found().get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server_error             | 500         | type server_error, code 500, after 1 event",
                "RESOURCE_EXHAUSTED       | a.b-c       | type RESOURCE_EXHAUSTED, code a.b-c, after 1 event",
                "''                       | ''          | type none, code none, after 1 event",
                "my diary of last winter  | x           | type of 23 characters, code x, after 1 event",
                "no                       | <b>diary</b>| type no, code of 12 characters, after 1 event",
                "naïve                    | x           | type of 5 characters, code x, after 1 event",
                "bXkgZGlhcnkgb2YgbGFzdCB3aW50ZXIgYW5kIG9mIHRoZSBvbmUgYmVmb3Jl | x "
                        + "| type of 60 characters, code x, after 1 event",
            })
    void isOneWordOfAProvider(String type, String code, String detail) {
        Judged.Found found = foundIn(type, code);
        assertThat(found.rule()).isEqualTo(Rule.SHAPE_ERROR_IN_200);
        assertThat(found.detail()).isEqualTo(detail);
    }
}
