package dev.llmproxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Nobody can tell which streams were read before. */
class KnownShapesTest {
    private static final Paths PATHS =
            Paths.builder().add("id", 1).add("choices[].delta", 2).build();
    private static final Paths OTHERS =
            Paths.builder().add("choices[].delta", 1).add("model", 3).build();
    private static final int READERS = 4;

    private final KnownShapes known = new KnownShapes();

    private static byte[] chunk(String id, String delta) {
        return ("{\"id\":\"" + id + "\",\"model\":\"m\",\"choices\":[{\"delta\":\"" + delta + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Scanned scanned(Paths paths, byte[] document, int place) {
        RecordingValues values = new RecordingValues();
        JsonScanner scanner = new JsonScanner(paths, values);
        var unused = scanner.scanDocument(document, 0, document.length, known, place);
        return Scanned.now(scanner, values);
    }

    private void assertSame(Paths paths, byte[] document, int place) {
        assertThat(scanned(paths, document, place)).isEqualTo(Scanned.of(paths, document));
    }

    private boolean isKnown(byte[] document, int place) {
        ShapeMemo memo = Objects.requireNonNull(known.take(place), "lent");
        memo.isFor(PATHS);
        boolean matches = memo.matches(document, 0, document.length);
        known.giveBack(place);
        return matches;
    }

    @Test
    void theNextStreamIsComparedPlaceByPlace() {
        assertSame(PATHS, chunk("first", "a"), 0);
        assertThat(isKnown(chunk("second", "bc"), 0)).isTrue();
        assertThat(isKnown(chunk("second", "bc"), 1)).isFalse();
    }

    @Test
    void nothingOfAnotherStreamIsShown() {
        assertSame(PATHS, chunk("secret", "secret"), 0);
        assertThat(scanned(PATHS, chunk("", "x"), 0).values()).noneMatch(value -> value.contains("secret"));
    }

    @Test
    void valuesOfOtherPathsAreNotTakenForThese() {
        for (int i = 0; i < 3; i++) {
            assertSame(PATHS, chunk("a" + i, "b"), 0);
            assertSame(OTHERS, chunk("a" + i, "b"), 0);
        }
    }

    @Test
    void whatIsBrokenIsNotRemembered() {
        byte[] whole = chunk("a", "b");
        assertSame(PATHS, whole, 0);
        for (int end = 0; end < whole.length; end++) {
            assertSame(PATHS, Arrays.copyOf(whole, end), 0);
            assertSame(PATHS, whole, 0);
        }
    }

    @Test
    void whileOneReadsTheOthersKnowNothing() {
        byte[] document = chunk("a", "b");
        List<Scanned> meanwhile = new ArrayList<>();
        JsonScanner outer = new JsonScanner(PATHS, new JsonValues() {
            @Override
            public void string(int field, byte[] utf8, int from, int to) {
                meanwhile.add(scanned(PATHS, document, 0));
            }
        });
        assertThat(outer.scanDocument(document, 0, document.length, known, 0)).isTrue();
        assertThat(meanwhile).hasSize(2).containsOnly(Scanned.of(PATHS, document));
        assertThat(isKnown(document, 0)).isTrue();
    }

    @Test
    void whoeverThrowsGivesItBack() {
        byte[] document = chunk("a", "b");
        JsonScanner throwing = new JsonScanner(PATHS, new JsonValues() {
            @Override
            public void string(int field, byte[] utf8, int from, int to) {
                throw new IllegalStateException("thrown");
            }
        });
        assertThatThrownBy(() -> throwing.scanDocument(document, 0, document.length, known, 0))
                .hasMessage("thrown");
        assertThat(isKnown(document, 0)).isFalse();
        assertSame(PATHS, document, 0);
        assertThat(isKnown(document, 0)).isTrue();
    }

    @Test
    void manyReadAtOnce() throws InterruptedException, ExecutionException {
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                String name = "reader " + reader;
                tasks.add(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        assertSame(i % 3 == 0 ? OTHERS : PATHS, chunk(name + i, "x".repeat(i % 40)), i % 2);
                    }
                    return null;
                });
            }
            for (Future<Void> task : readers.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            readers.shutdownNow();
        }
    }
}
