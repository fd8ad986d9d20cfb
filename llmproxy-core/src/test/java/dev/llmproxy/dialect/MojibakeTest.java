package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MojibakeTest {
    private static List<String> found(String text, int longestPiece) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TextWatch watch = new TextWatch();
        Random random = new Random(5);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(longestPiece));
            watch.read(bytes, from, to);
            from = to;
        }
        List<String> found = new ArrayList<>();
        watch.end((rule, severity, detail) -> found.add(rule + " " + severity + " " + detail));
        return found;
    }

    private static String garbled(String text, String charset) {
        return new String(text.getBytes(StandardCharsets.UTF_8), Charset.forName(charset));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Größe, über, schön: drei Wörter|ISO-8859-1|5",
                "Größe, über, schön: drei Wörter|windows-1252|5",
                "été, déjà, garçon, forêt|ISO-8859-1|6",
                "it’s “quoted text — or – not|windows-1252|4",
                "Быть или не быть|ISO-8859-1|13",
                "你好，世界。再见|ISO-8859-1|8",
                "fine 😀 and 🎉 or 🚀|ISO-8859-1|3",
            })
    void textThatWasReadInAnotherEncodingIsTold(String text, String charset, int hits) {
        String garbled = garbled(text, charset);
        for (int piece : new int[] {1, 2, 5, 1_000}) {
            assertThat(found(garbled, piece)).singleElement().asString().startsWith("text.mojibake WARNING " + hits);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "« Il est allé… » Puis : « Où est-il passé… » Elle répéta : « Je ne sais… » À l’été…",
                "LIBERTÉ » ÉGALITÉ » FRATERNITÉ »",
                "„Spaß“, „Fuß“, „Gruß“ und „Maß“",
                "CAFÉ’S, CLICHÉ’S AND RESUMÉ’S",
                "La letra “Ñ”, la “Ñ” y otra “Ñ”",
                "Tiếng Việt có nhiều dấu: Ầ, ế, ữ, đường, phố, người",
                "é becomes Ã©, è becomes Ã¨, ü becomes Ã¼, ß becomes ÃŸ",
                "Größe, über, schön: drei Wörter",
                "Быть или не быть, вот в чём вопрос",
                "你好，世界。再见",
                "fine 😀 and 🎉 or 🚀",
                "only one: GrÃ¶ÃŸe",
            })
    void textOfManyLanguagesAndAboutEncodingsIsNot(String text) {
        assertThat(found(text, 3)).isEmpty();
    }

    @Test
    void plainTextIsNoPartOfIt() {
        String garbled = garbled("ä", "ISO-8859-1");
        String cut = garbled.charAt(0) + "x" + garbled.charAt(1);
        assertThat(found(cut.repeat(20), 4)).isEmpty();
    }
}
