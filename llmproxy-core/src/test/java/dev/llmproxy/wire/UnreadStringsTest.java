package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Strings that nobody reads: they are checked like any other, and their end is told. */
class UnreadStringsTest {
    private static final int READ = 1;
    private static final Paths PATHS =
            Paths.builder().add("unread", 0).add("read", READ).build();

    private final StringBuilder told = new StringBuilder();
    private final JsonValues values = new JsonValues() {
        @Override
        public boolean reads(int field) {
            return field == READ;
        }

        @Override
        public void string(int field, byte[] utf8, int from, int to) {
            if (field == READ) {
                told.append(new String(utf8, from, to - from, StandardCharsets.UTF_8));
            }
        }

        @Override
        public void stringEnd(int field) {
            told.append(" end of ").append(field).append(' ');
        }
    };

    private JsonScanner scan(String document, int cut) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        told.setLength(0);
        JsonScanner scanner = new JsonScanner(PATHS, values);
        scanner.feed(bytes, 0, cut);
        scanner.feed(bytes, cut, bytes.length);
        scanner.end();
        return scanner;
    }

    @Test
    void whatIsReadIsShownWholeBesideWhatIsNot() {
        String document = "{\"unread\":\"a\\n\\u0041b\",\"read\":\"c\\n\\u0041d\",\"unread\":\"\\/\",\"unread\":\"e\"}";
        for (int cut = 0; cut <= document.length(); cut++) {
            assertThat(scan(document, cut).complete()).isTrue();
            assertThat(told).hasToString(" end of 0 c\nAd end of 1  end of 0  end of 0 ");
        }
    }

    @Test
    void whatIsWrongInThemIsFound() {
        String document = "{\"unread\":\"a\\n\\ud83d\",\"unread\":\"a\\n\\x\"}";
        for (int cut = 0; cut <= document.length(); cut++) {
            JsonScanner scanner = scan(document, cut);
            assertThat(scanner.loneSurrogateOffset()).isEqualTo(document.indexOf("\\ud83d"));
            assertThat(scanner.error()).isEqualTo(JsonError.SYNTAX);
            assertThat(scanner.errorOffset()).isEqualTo(document.indexOf('x'));
        }
    }
}
