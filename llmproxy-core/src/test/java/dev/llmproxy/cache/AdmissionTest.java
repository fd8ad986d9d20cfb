package dev.llmproxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmHeaders;
import okio.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    @ParameterizedTest
    @CsvSource({
        "text/event-stream, data: [DONE], true",
        "Text/Event-Stream; charset=utf-8, data: [DONE], true",
        "application/json, {}, false"
    })
    void anEventThatIsNotClosedIsSeenUnderAnyNameOfItsType(String type, String end, boolean cut) {
        assertThat(Admission.isCutBehindItsEnd(LlmHeaders.of("Content-Type", type), ByteString.encodeUtf8(end)))
                .isEqualTo(cut);
    }
}
