package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNamesTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-4o, gpt-4o",
        "gpt-4o, gpt-4o-2024-08-06",
        "GPT-4o, gpt-4o-2024-08-06",
        "gpt-4o-2024-08-06, gpt-4o",
        "davinci-002, davinci-002",
        "gpt-3.5-turbo, gpt-3.5-turbo-0125",
        "gpt-4-turbo-preview, gpt-4-0125-preview",
        "gpt-4-vision-preview, gpt-4-1106-vision-preview",
        "claude-sonnet-4-5, claude-sonnet-4-5-20250929",
        "claude-sonnet-4-0, claude-sonnet-4-20250514",
        "claude-3-5-sonnet-latest, claude-3-5-sonnet-20241022",
        "gemini-2.0-flash, models/gemini-2.0-flash-001",
        "gemini-flash-latest, gemini-3.6-flash",
        "ft:gpt-4o-mini:acme::abc, ft:gpt-4o-mini:acme::abc",
        "anthropic/claude-haiku, claude-haiku@20250101",
    })
    void aSnapshotIsItsAlias(String asked, String answered) {
        assertThat(ModelNames.mayBeSame(asked, answered)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4, gpt-4o",
        "gpt-4, gpt-4.1-2025-04-14",
        "gpt-4o, gpt-3.5-turbo",
        "gpt-4o-2024-08-06, gpt-4o-2024-05-13",
        "claude-sonnet-4-0, claude-sonnet-3-20250514",
        "claude-opus-4-1, claude-haiku-4-5-20251001",
        "gpt-5, moonshotai/kimi-k2",
        "gemini-2.5-flash, gemini-2.0-flash-001",
    })
    void anotherModelIsNot(String asked, String answered) {
        assertThat(ModelNames.mayBeSame(asked, answered)).isFalse();
    }
}
