package dev.llmproxy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-4o-mini-2024-07-18",
                "claude-sonnet-4-5-20250929",
                "mistralai/Mixtral-8x7B-Instruct-v0.1",
                "ft:gpt-4o-mini-2024-07-18:my-org:suffix:9abcDEFG",
                "anthropic.claude-3-5-sonnet-20241022-v2:0",
                "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123xyz",
                "models/gemini-2.5-flash",
                "llama3.2:3b"
            })
    void namesOfModelsAreKept(String name) {
        assertThat(ModelNames.first(1).label(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-1",
                "sk-ant-api03-abc",
                "gsk_abc",
                "0123456789abcdef01234567",
                "what is blue?",
                "gpt\n4",
                "größer",
                "<script>"
            })
    void whatIsNoNameIsNotKept(String text) {
        assertThat(ModelNames.first(1).label(text)).isEqualTo("other");
    }

    @Test
    void longNamesAreNotKept() {
        assertThat(ModelNames.first(1).label("gpt-".repeat(33))).isEqualTo("other");
    }

    @Test
    void noNameIsNone() {
        assertThat(ModelNames.first(1).label("")).isEqualTo("none");
    }

    @Test
    void theFirstOnesAreToldApart() {
        ModelNames names = ModelNames.first(2);
        assertThat(List.of("a", "b", "c", "a", "b"))
                .extracting(names::label)
                .containsExactly("a", "b", "other", "a", "b");
    }

    @Test
    void onlyThoseThatAreNamedAreToldApart() {
        ModelNames names = new ModelNames();
        names.add(List.of("gpt-4o"));
        assertThat(List.of("gpt-4o", "gpt-4")).extracting(names::label).containsExactly("gpt-4o", "other");
    }
}
