package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Server-sent events: nothing throws, caps hold, and what is told does not depend on where the bytes are cut. */
class SseFuzz {
    private static final int MOST_BYTES = 512;

    @DictionaryEntries({"data:", "data: ", "event: ", "id: ", "retry: ", ": "})
    @FuzzTest(maxDuration = "60s")
    void cutsDoNotMatter(FuzzedDataProvider data) {
        byte[] cuts = Cuts.cuts(data);
        byte[] bytes = data.consumeRemainingAsBytes();
        List<String> whole = Told.of(sink -> new SseFrames(sink, MOST_BYTES / 8, MOST_BYTES / 4), bytes);
        List<String> inPieces = Told.of(sink -> new SseFrames(sink, MOST_BYTES / 8, MOST_BYTES / 4), Cuts.cut(bytes, cuts));
        assertThat(inPieces).isEqualTo(whole);
    }
}
