package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import org.junit.jupiter.api.Test;

class OllamaAnswerTest {
    private static final String LINE =
            "{\"model\":\"m\",\"created_at\":\"x\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi \"},\"done\":false}";
    private static final String CALL =
            "{\"model\":\"m\",\"created_at\":\"x\",\"message\":{\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"look\",\"arguments\":{}}}]},\"done\":false}";
    private static final String DONE =
            "{\"model\":\"m\",\"created_at\":\"x\",\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":4,\"eval_count\":6}";

    private static final EventList STREAM = EventList.lines(OllamaAnswer::new, LINE, CALL, LINE, DONE);

    @Test
    void readsTheFacts() {
        AnswerFacts facts = STREAM.judged().facts();
        assertThat(STREAM.judged().found()).isEmpty();
        assertThat(facts.model()).contains("m");
        assertThat(facts.finish()).isEqualTo(Finish.STOP);
        assertThat(facts.textCharacters()).isEqualTo(6);
        assertThat(facts.toolCalls()).isEqualTo(1);
        assertThat(facts.totalTokens()).isEqualTo(10);
    }

    @Test
    void isCompleteOnlyAtItsEnd() {
        STREAM.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void generateIsReadAsWell() {
        EventList stream = EventList.lines(
                OllamaAnswer::new,
                "{\"model\":\"m\",\"thinking\":\"hm\",\"done\":false}",
                "{\"model\":\"m\",\"response\":\"Hi\",\"done\":false}",
                "{\"model\":\"m\",\"response\":\"\",\"done\":true,\"done_reason\":\"length\",\"context\":[1,2]}");
        assertThat(stream.judged().rules()).containsExactly(Rule.ANSWER_FINISH_LENGTH);
        assertThat(stream.judged().facts().textCharacters()).isEqualTo(2);
        stream.assertCompleteOnlyAtItsEnd();
    }

    @Test
    void anErrorLineIsToldAlone() {
        Judged judged = EventList.lines(OllamaAnswer::new, LINE, "{\"error\":\"an error was encountered\"}")
                .judged();
        assertThat(judged.rules()).containsExactly(Rule.STREAM_INBAND_ERROR);
        assertThat(judged.facts().error().orElseThrow().message()).isEqualTo("an error was encountered");
    }

    @Test
    void aCallMayHaveNoArguments() {
        String none = CALL.replace("{}}}]", "null}}]");
        assertThat(EventList.lines(OllamaAnswer::new, none, DONE).judged().found())
                .isEmpty();
        assertThat(EventList.lines(OllamaAnswer::new, none.replace("null", "7"), DONE)
                        .judged()
                        .errors())
                .containsExactly(Rule.TOOL_ARGS_JSON);
    }

    @Test
    void linesBehindTheEndAreFound() {
        assertThat(STREAM.swapping(2).rules()).containsExactly(Rule.STREAM_AFTER_TERMINATOR);
    }

    @Test
    void anotherModelIsAWarning() {
        EventList stream = EventList.lines(OllamaAnswer::new, LINE, DONE.replace("\"m\"", "\"n\""));
        assertThat(stream.judged().rules()).containsExactly(Rule.STREAM_MODEL_CHANGE);
    }

    @Test
    void loadingAModelIsNoEmptyAnswer() {
        Judged judged = Judged.document(
                OllamaAnswer::new, "{\"model\":\"m\",\"response\":\"\",\"done\":true,\"done_reason\":\"load\"}");
        assertThat(judged.found()).isEmpty();
        assertThat(judged.isComplete()).isTrue();
    }

    @Test
    void whatIsNoAnswerIsFound() {
        assertThat(Judged.document(OllamaAnswer::new, "{\"id\":1}").errors())
                .containsExactly(Rule.SHAPE_REQUIRED, Rule.STREAM_NO_TERMINATOR);
    }

    @Test
    void anImageIsNoEmptyAnswer() {
        EventList stream = EventList.lines(
                OllamaAnswer::new,
                "{\"model\":\"m\",\"created_at\":\"x\",\"completed\":1,\"total\":4,\"done\":false}",
                "{\"model\":\"m\",\"created_at\":\"x\",\"image\":\"aGk=\",\"done\":true,\"done_reason\":\"stop\"}");
        assertThat(stream.judged().found()).isEmpty();
    }
}
