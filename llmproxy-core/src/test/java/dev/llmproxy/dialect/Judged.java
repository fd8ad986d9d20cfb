package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.wire.EventStreamFrames;
import dev.llmproxy.wire.FrameSink;
import dev.llmproxy.wire.Frames;
import dev.llmproxy.wire.JsonArrayFrames;
import dev.llmproxy.wire.KnownShapes;
import dev.llmproxy.wire.NdjsonFrames;
import dev.llmproxy.wire.SseFrames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An answer that was read to its end, with what was found. */
record Judged(AnswerFacts facts, List<Found> found, AnswerContent content) {
    private static final KnownShapes OTHER_STREAMS = new KnownShapes();

    /** Makes a grammar. */
    interface Kind {
        AnswerGrammar grammar(AnswerFacts facts, Findings findings);
    }

    record Found(Rule rule, Severity severity, String detail) {
        @Override
        public String toString() {
            return severity + " " + rule + ": " + detail;
        }
    }

    static Judged sse(Kind kind, byte[]... pieces) {
        return events(SseFrames::new, kind, pieces);
    }

    static Judged sse(Kind kind, String stream) {
        return sse(kind, stream.getBytes(StandardCharsets.UTF_8));
    }

    static Judged lines(Kind kind, byte[]... pieces) {
        return events(NdjsonFrames::new, kind, pieces);
    }

    static Judged array(Kind kind, byte[]... pieces) {
        return events(JsonArrayFrames::new, kind, pieces);
    }

    static Judged binary(Kind kind, byte[]... pieces) {
        return events(EventStreamFrames::new, kind, pieces);
    }

    // What other streams began with must not count.
    private static Judged events(Function<FrameSink, Frames> framing, Kind kind, byte[]... pieces) {
        Judged judged = unread();
        judged.read(judged.reader(framing, kind), pieces);
        Judged another = unread();
        EventReader comparing = another.reader(framing, kind);
        comparing.compare(OTHER_STREAMS);
        another.read(comparing, pieces);
        assertThat(another.summary()).isEqualTo(judged.summary());
        assertThat(another.found).isEqualTo(judged.found);
        assertThat(another.content.text()).isEqualTo(judged.content.text());
        return judged;
    }

    private static Judged unread() {
        return new Judged(new AnswerFacts(), new ArrayList<>(), AnswerContent.all());
    }

    private EventReader reader(Function<FrameSink, Frames> framing, Kind kind) {
        return new EventReader(framing, kind.grammar(facts, findings()), findings());
    }

    static Judged document(Kind kind, byte[]... pieces) {
        Judged judged = unread();
        Findings findings = judged.findings();
        return judged.read(new DocumentReader(kind.grammar(judged.facts, findings), findings, false), pieces);
    }

    static Judged document(Kind kind, String text) {
        return document(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    private Findings findings() {
        return (rule, severity, detail) -> found.add(new Found(rule, severity, detail));
    }

    private Judged read(AnswerReader reader, byte[]... pieces) {
        reader.grammar().collect(content);
        for (byte[] piece : pieces) {
            reader.feed(piece, 0, piece.length);
        }
        reader.end();
        return this;
    }

    /** Returns all that the facts say, but for the progress, which depends on the cuts. */
    List<Object> summary() {
        return List.of(
                facts.id(),
                facts.model(),
                facts.finishReason(),
                facts.finish(),
                facts.isTerminated(),
                facts.isPayloadSeen(),
                facts.isReasoningSeen(),
                facts.isRefusalSeen(),
                facts.events(),
                facts.comments(),
                facts.textCharacters(),
                facts.toolCalls(),
                facts.created(),
                facts.inputTokens(),
                facts.outputTokens(),
                facts.totalTokens(),
                facts.cachedTokens(),
                facts.reasoningTokens(),
                facts.error());
    }

    /** Returns the rules that errors were found of. */
    List<Rule> errors() {
        return found.stream()
                .filter(each -> each.severity() == Severity.ERROR)
                .map(Found::rule)
                .toList();
    }

    /** Returns the rules that anything was found of. */
    List<Rule> rules() {
        return found.stream().map(Found::rule).toList();
    }

    /** Says whether an application may take it for a whole answer. */
    boolean isComplete() {
        return facts.isTerminated() && errors().isEmpty();
    }
}
