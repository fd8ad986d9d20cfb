package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedPathsTest {
    private static final Paths PATHS = Paths.builder()
            .add("calls[].name", 1)
            .add("text", 2)
            .guard("calls[].name", "calls[].arguments")
            .build();

    private static List<String> read(String json) {
        return Scanned.of(PATHS, json.replace('\'', '"')).values();
    }

    @Test
    void aMemberThatLeadsThereIsToldIfItComesTwice() {
        assertThat(read("{'calls':[],'calls':[{'name':'a'}]}")).containsExactly("ambiguous", "1 string a");
        assertThat(read("{'calls':[{'arguments':1,'arguments':2}]}")).containsExactly("ambiguous");
    }

    @Test
    void aMemberThatIsWatchedIsToldAsBefore() {
        assertThat(read("{'calls':[{'name':null,'name':null}]}"))
                .containsExactly("1 null", "1 again", "ambiguous", "1 null");
    }

    @Test
    void whatLeadsElsewhereIsNot() {
        assertThat(read("{'text':1,'text':2,'other':1,'other':2}")).doesNotContain("ambiguous");
        assertThat(read("{'calls':[{'name':1},{'name':2}]}")).doesNotContain("ambiguous");
    }

    @Test
    void aDocumentThatComesAgainIsAsAmbiguous() {
        byte[] json = "{\"calls\":[],\"calls\":[]}".getBytes(StandardCharsets.UTF_8);
        RecordingValues values = new RecordingValues();
        JsonScanner scanner = new JsonScanner(PATHS, values);
        for (int i = 0; i < 3; i++) {
            assertThat(scanner.scanDocument(json, 0, json.length)).isTrue();
            assertThat(values.take()).containsExactly("ambiguous");
        }
    }
}
