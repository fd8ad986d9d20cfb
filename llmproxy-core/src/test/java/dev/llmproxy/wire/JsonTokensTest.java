package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTokensTest {
    /** Puts a document together again from what is told of it. */
    private static final class Together implements JsonTokens {
        private final byte[] document;
        private final StringBuilder text = new StringBuilder();
        private final Deque<String> ends = new ArrayDeque<>();
        private boolean more;

        Together(byte[] document) {
            this.document = document;
        }

        private void add(int from, int to) {
            text.append(more ? "," : "").append(written(from, to));
            more = true;
        }

        private String written(int from, int to) {
            return new String(document, from, to - from, StandardCharsets.UTF_8);
        }

        @Override
        public void begin(boolean array) {
            text.append(more ? "," : "").append(array ? '[' : '{');
            ends.push(array ? "]" : "}");
            more = false;
        }

        @Override
        public void end() {
            text.append(ends.pop());
            more = true;
        }

        @Override
        public void name(int from, int to, boolean plain) {
            assertThat(plain).isEqualTo(written(from, to).matches("[ -~&&[^\\\\]]*"));
            add(from - 1, to + 1);
            text.append(':');
            more = false;
        }

        @Override
        public void string(int from, int to, boolean canonical) {
            assertThat(canonical).isEqualTo(!written(from, to).matches("([^\\\\]|\\\\[^u/])*\\\\[u/].*"));
            add(from - 1, to + 1);
        }

        @Override
        public void number(int from, int to) {
            add(from, to > 0 ? to : document.length);
        }

        @Override
        public void literal(int from, int to) {
            add(from, to);
        }
    }

    private static String together(String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        Together together = new Together(bytes);
        JsonScanner scanner = new JsonScanner(together, Integer.MAX_VALUE);
        scanner.feed(bytes, 0, bytes.length);
        scanner.end();
        return together.text.toString();
    }

    private static String withoutBlanks(String document) {
        return document.replaceAll("(\"([^\"\\\\]|\\\\.)*\")|[ \\t\\r\\n]+", "$1");
    }

    @Test
    void allOfADocumentIsToldButItsBlanks() {
        RandomJson random = new RandomJson(new Random(8259));
        for (int i = 0; i < 5_000; i++) {
            String document = random.document();
            assertThat(together(document)).isEqualTo(withoutBlanks(document));
        }
    }

    @Test
    void whatComesBeforeAnErrorIsTold() {
        assertThat(together("{\"a\": [1, tru, 2]}")).isEqualTo("{\"a\":[1");
        assertThat(together("{\"a\\x\":1}")).isEqualTo("{");
        assertThat(together("[\"x\", \"y")).isEqualTo("[\"x\"");
        assertThat(together("true")).isEqualTo("true");
    }
}
