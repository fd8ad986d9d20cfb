package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathsTest {
    @ParameterizedTest
    @ValueSource(strings = {".", ".a", "a.", "a..b", "a[", "a[0]", "a[]b", "[]a", "a[].", "a.[]"})
    void refusesWhatIsNoPath(String path) {
        assertThatThrownBy(() -> Paths.builder().add(path, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path: " + path + " (expected: like choices[].delta.content)");
    }

    @Test
    void refusesANegativeField() {
        assertThatThrownBy(() -> Paths.builder().add("a", -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field: -1 (expected: >= 0)");
    }

    @Test
    void refusesAPathThatWasAdded() {
        Paths.Builder paths = Paths.builder().add("a[].b", 0);
        assertThatThrownBy(() -> paths.add("a[].b", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path: a[].b (expected: added once)");
    }

    @Test
    void refusesMoreMembersThanCanBeTold() {
        Paths.Builder paths = Paths.builder();
        IntStream.range(0, 64).forEach(i -> paths.add("name" + i, i));
        assertThatThrownBy(() -> paths.add("name64", 64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("members of one object: 65 (expected: <= 64)");
    }

    @Test
    void namesOfAnyLengthAreTold() {
        Paths.Builder paths = Paths.builder();
        StringBuilder document = new StringBuilder("{\"none\":0");
        for (int length = 1; length < 40; length++) {
            paths.add("n".repeat(length), length);
            document.append(",\"").append("n".repeat(length)).append("\":").append(length);
        }
        Scanned scanned = Scanned.of(paths.build(), document.append('}').toString());
        assertThat(scanned.values())
                .isEqualTo(
                        IntStream.range(1, 40).mapToObj(i -> i + " number " + i).toList());
    }

    @Test
    void pathsMayShareAField() {
        Paths paths = Paths.builder().add("a", 3).add("b.c", 3).build();
        assertThat(Scanned.of(paths, "{\"a\":1,\"b\":{\"c\":2}}").values()).containsExactly("3 number 1", "3 number 2");
    }

    @Test
    void arraysOfArrays() {
        Paths paths =
                Paths.builder().add("[]", 0).add("[][]", 1).add("[][].a", 2).build();
        assertThat(Scanned.of(paths, "[[{\"a\":1}],2]").values())
                .containsExactly("0 [", "1 {", "2 number 1", "1 end", "0 end", "0 number 2");
    }
}
