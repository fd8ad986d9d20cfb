package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** JSON lines: nothing throws, and what is told does not depend on where the bytes are cut. */
class NdjsonFuzz {
    private static final int MOST_BYTES = 512;

    @DictionaryEntries({"{\"a\":1}", " "})
    @FuzzTest(maxDuration = "60s")
    void cutsDoNotMatter(FuzzedDataProvider data) {
        byte[] cuts = Cuts.cuts(data);
        byte[] bytes = data.consumeRemainingAsBytes();
        List<String> whole = Told.of(sink -> new NdjsonFrames(sink, MOST_BYTES), bytes);
        List<String> inPieces = Told.of(sink -> new NdjsonFrames(sink, MOST_BYTES), Cuts.cut(bytes, cuts));
        assertThat(inPieces).isEqualTo(whole);
    }
}
