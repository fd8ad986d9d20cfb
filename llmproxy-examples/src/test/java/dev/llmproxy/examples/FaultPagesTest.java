package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.FaultCause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The pages in docs/faults are the ones that the table of causes, the prose and the scenes make. With
 * {@code -Dpages.update=true} they are written instead.
 */
class FaultPagesTest {
    private static final boolean UPDATE = Boolean.getBoolean("pages.update");
    private final FaultPages pages = new FaultPages();

    @Test
    void thePagesAreTheCommittedOnes() throws Exception {
        Map<String, String> made = pages.all();
        for (Map.Entry<String, String> page : made.entrySet()) {
            Path file = Sources.project(page.getKey());
            if (UPDATE) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, page.getValue());
            }
            assertThat(file)
                    .as("after a change that is meant: -Dpages.update=true")
                    .exists();
            assertThat(Sources.text(file)).as(page.getKey()).isEqualTo(page.getValue());
        }
        assertThat(FaultPages.strays(made)).as("pages of causes that are gone").isEmpty();
    }

    @Test
    void everyCauseSaysWhatItIsHowItIsRecognisedAndWhatToDo() {
        Map<FaultCause, FaultProse> prose = FaultProse.all();
        Map<FaultCause, FaultScenes.Play> scenes = FaultScenes.all();
        for (FaultCause cause : FaultCause.values()) {
            FaultProse words = Objects.requireNonNull(prose.get(cause), cause.name());
            assertThat(words.what).as(cause.name()).isNotEmpty();
            assertThat(words.recognised).as(cause.name()).isNotEmpty();
            assertThat(words.resolve).as(cause.name()).isNotEmpty();
            assertThat(scenes.containsKey(cause))
                    .as("%s: a scene, or words", cause)
                    .isEqualTo(words.reproduce.isEmpty());
        }
    }

    @Test
    void whatIsReproducedIsRaised() {
        assertThat(FaultScenes.all().keySet()).allMatch(pages::isRaised);
    }
}
