package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.llmproxy.call.RequestFacts;
import java.util.Arrays;
import okio.ByteString;

/** What is read of a request: nothing throws, all is bounded, and what lies in a large body is read like in a small one. */
class RequestFuzz {
    private static final int LARGE = 70 << 10;
    private static final int MOST_TOOLS = 128;
    private static final int LONGEST_NAME = 256;

    @DictionaryEntries({"{\"model\":\"m\"", "\"stream\":true", "\"max_tokens\":5", "\"temperature\":0.5", "\"tools\":[", "{\"name\":\"f\"}", "{\"function\":{\"name\":\"f\"}}", "\"generationConfig\":{", "\"toolConfig\":{\"tools\":["})
    @FuzzTest(maxDuration = "60s")
    void factsAreBounded(byte[] body) {
        RequestFacts facts = facts(body);
        assertThat(facts.tools()).hasSizeLessThanOrEqualTo(MOST_TOOLS).allMatch(name -> name.length() <= LONGEST_NAME);
        assertThat(facts.model().orElse("").length()).isLessThanOrEqualTo(LONGEST_NAME);
        assertThat(facts.maxTokens().orElse(0)).isNotNegative();
        assertThat(Double.isFinite(facts.temperature().orElse(0))).isTrue();
        assertThat(facts(padded(body))).isEqualTo(facts);
    }

    private static RequestFacts facts(byte[] body) {
        BodyFacts facts = new RequestScan().read(ByteString.of(body), true);
        return facts.toRequestFacts(facts.model(), Boolean.TRUE.equals(facts.stream()));
    }

    // A large body is read through another reader, which leaves out what is long.
    private static byte[] padded(byte[] body) {
        byte[] padded = new byte[body.length + LARGE];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(body, 0, padded, LARGE, body.length);
        return padded;
    }
}
