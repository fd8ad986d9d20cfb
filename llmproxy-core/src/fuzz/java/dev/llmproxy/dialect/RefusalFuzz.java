package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.llmproxy.call.LlmHeaders;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import okio.ByteString;

/** Bodies of refusals that echo a key: nothing throws, and the key is nowhere in what is kept of them. */
class RefusalFuzz {
    private static final String[] KEYS = {
        "sk-proj-4f9aK2bXq7LmN0pRsTuV", "sk-ant-api03-Zz81kQ", "AIzaSyD4x9Kq2mW7pL0vTnR", "gsk_8Hk2mPq4RtVw", "eyJhbGciOiJIUzI1",
    };

    @DictionaryEntries({"{\"error\":{", "\"message\":\"", "\"type\":\"", "\"code\":", "key provided: ", "\"}}", "data: ", "\"metadata\":{\"raw\":\"", "[{\"error\":", "<html>"})
    @FuzzTest(maxDuration = "60s")
    void keysAreNotKept(FuzzedDataProvider data) {
        String key = data.pickValue(KEYS);
        byte[] before = data.consumeBytes(data.consumeInt(0, 300));
        byte[] after = data.consumeRemainingAsBytes();
        Buffer body = new Buffer().write(before);
        // Next to a letter or digit it is part of another word.
        body.writeByte(' ').writeUtf8(key).writeByte(' ').write(after);
        ByteString refusal = body.readByteString();
        String told = ProviderError.parse(LlmHeaders.of("Content-Type", "application/json"), refusal) + "";
        assertThat(told).doesNotContain(key);
        assertThat(Redaction.of(refusal.string(StandardCharsets.UTF_8))).doesNotContain(key);
    }
}
