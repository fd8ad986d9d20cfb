package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.Origin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each kind of calls has one row, found by what its calls say. */
class RowsTest {
    private static final Origin EAST = new Origin("https", "east.example", 443);
    private static final Origin WEST = new Origin("https", "west.example", 443);

    private final List<Rows.Key> made = new ArrayList<>();
    private final Rows<Rows.Key> rows = new Rows<>(ModelNames.first(100), (key, origin) -> {
        made.add(key);
        return key;
    });

    @Test
    void eachKindIsFoundAgainHoweverManyThereAre() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 40; i++) {
                Origin place = i % 2 == 0 ? EAST : WEST;
                Rows.Key row = rows.of(place, place, "openai-chat", i & Api.STREAM, "model-" + i, "answered-" + i);
                assertThat(row)
                        .isEqualTo(new Rows.Key(place, "openai-chat", i & Api.STREAM, "model-" + i, "answered-" + i));
            }
            assertThat(made).hasSize(40);
        }
    }

    @Test
    void eachPartOfTheKeyTellsApart() {
        rows.of(EAST, EAST, "openai-chat", 0, "gpt-4o", "gpt-4o-1");
        rows.of(WEST, WEST, "openai-chat", 0, "gpt-4o", "gpt-4o-1");
        rows.of(EAST, EAST, "anthropic", 0, "gpt-4o", "gpt-4o-1");
        rows.of(EAST, EAST, "openai-chat", Api.STREAM, "gpt-4o", "gpt-4o-1");
        rows.of(EAST, EAST, "openai-chat", 0, "gpt-4", "gpt-4o-1");
        rows.of(EAST, EAST, "openai-chat", 0, "gpt-4o", "gpt-4o-2");
        assertThat(made).hasSize(6).doesNotHaveDuplicates();
    }

    @Test
    void whatHasNoNameHasOneRow() {
        Rows.Key first = rows.of(EAST, EAST, "openai-chat", 0, "", "");
        assertThat(rows.of(EAST, EAST, "openai-chat", 0, "", "")).isSameAs(first);
        assertThat(first.model()).isEqualTo(LlmTag.NONE);
        assertThat(first.answered()).isEqualTo(LlmTag.NONE);
        assertThat(made).hasSize(1);
    }
}
