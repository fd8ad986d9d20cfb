package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.2",
                "-0.0",
                "0.30000000000000004",
                "1.0",
                "-12.75",
                "0.1234567890123",
                "999999999999999",
                "1e-3",
                "1E400",
                "123456789012345678901234567890.5"
            })
    void readsANumberAsJavaDoes(String json) {
        assertThat(numberOf(json)).isEqualTo(Double.parseDouble(json));
    }

    @Test
    void readsAnyNumberAsJavaDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long digits = Math.floorMod(random.nextLong(), (long) Math.pow(10, 1 + random.nextInt(15)));
            String json = digits + "." + random.nextInt(100_000);
            assertThat(numberOf(json)).as(json).isEqualTo(Double.parseDouble(json));
        }
    }

    private static double numberOf(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.US_ASCII);
        WireText text = new WireText();
        text.add(bytes, 0, bytes.length);
        return text.number();
    }
}
