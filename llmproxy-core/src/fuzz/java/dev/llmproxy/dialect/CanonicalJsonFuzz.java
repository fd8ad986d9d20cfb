package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** The canonical form of a request: nothing throws, it is a fixed point, and the one that is written the plain way. */
class CanonicalJsonFuzz {
    private static final int FOLDED_EARLY = 40;

    @DictionaryEntries({"{\"a\":1,\"b\":2}", "\"a\":", "\\u0061", "\\ud83d\\ude00", "\\/", "1.0e5", "-0", "1e-999999999", "[{\"\":[]}]", "\u00ef\u00ac\u00b3", "\u00f0\u009f\u0098\u0080", "null", "\\u001F"})
    @FuzzTest(maxDuration = "60s")
    void formIsTheOneThatIsWrittenThePlainWay(byte[] json) {
        CanonicalJson form = form(json, Integer.MAX_VALUE);
        String slow = SlowCanonicalJson.of(json);
        // The plain way has no bounds of its own for names.
        String refusal = form.write();
        if (slow == null) {
            assertThat(refusal).isNotNull();
            return;
        }
        if (refusal == null || !refusal.contains("name too long")) {
            assertThat(refusal).isNull();
            assertThat(form).hasToString(slow);
            CanonicalJson again = form(slow.getBytes(StandardCharsets.UTF_8), FOLDED_EARLY);
            CanonicalJson folded = form(json, FOLDED_EARLY);
            String refusedAgain = again.write();
            if (refusedAgain != null) {
                // A point and an exponent make a number longer that has all the digits that it may have, and digits before
                // the point go over into an exponent that is as large as it may be.
                assertThat(refusedAgain).containsAnyOf("number too long", "number of the body is out of all bounds");
                return;
            }
            assertThat(folded.write()).isNull();
            assertThat(folded.digest()).isEqualTo(again.digest());
        }
    }

    private static CanonicalJson form(byte[] json, int longest) {
        return new CanonicalJson(json, RequestWords.OLLAMA, new RequestValues(), longest);
    }
}
