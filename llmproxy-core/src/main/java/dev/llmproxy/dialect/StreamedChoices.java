package dev.llmproxy.dialect;

import dev.llmproxy.dialect.AnswerFacts.Finish;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The choices of a stream: what a chunk says of one is kept until the whole choice was read, because its index may stand
 * behind everything else.
 */
final class StreamedChoices {
    private static final int MAX_CHOICES = 1_024;
    private static final int MAX_FRAGMENTS = 1_024;

    private final AnswerGrammar grammar;
    private final List<Choice> choices = new ArrayList<>();
    // As long as each piece has had a finish reason: what it was, to know one that comes again.
    private final TextSum piece = new TextSum();
    private final TextSum lastPiece = new TextSum();
    private boolean endsEachPiece = true;
    private boolean orderTold;
    private boolean endsTold;
    private boolean indexTold;
    private boolean mediaSeen;
    private @Nullable Choice collected;

    // Of the chunk.
    private boolean mayRepeat;

    // Of the choice in this chunk.
    private final List<CallFragment> fragments = new ArrayList<>();
    private final WireText finishReason = new WireText();
    private int fragmentCount;
    private long index;
    private boolean contentSeen;

    StreamedChoices(AnswerGrammar grammar) {
        this.grammar = grammar;
    }

    void eventStart() {
        mayRepeat = true;
    }

    /** Says whether the chunk had nothing but text for the first choice, which was open before and is still. */
    boolean mayRepeat() {
        return mayRepeat;
    }

    void begin() {
        finishReason.clear();
        fragmentCount = 0;
        index = 0;
        contentSeen = false;
        piece.clear();
        grammar.content().beginChoice();
    }

    void index(long value) {
        index = value;
    }

    void content(byte[] utf8, int from, int to) {
        contentSeen = true;
        if (endsEachPiece) {
            piece.read(utf8, from, to);
        }
    }

    void media() {
        mediaSeen = true;
        grammar.facts().payload();
    }

    boolean isMediaSeen() {
        return mediaSeen;
    }

    void finishReason(byte[] utf8, int from, int to) {
        finishReason.add(utf8, from, to);
    }

    void beginFragment(boolean needsId) {
        if (fragmentCount == fragments.size()) {
            fragments.add(new CallFragment());
        }
        fragments.get(fragmentCount).clear(needsId);
        // More than any answer has all end in the last one, where they are found to be none.
        fragmentCount = Math.min(fragmentCount + 1, MAX_FRAGMENTS);
    }

    /** Returns the fragment of a tool call that is being read. */
    CallFragment fragment() {
        return fragments.get(fragmentCount - 1);
    }

    void end() {
        Choice choice = choice();
        AnswerContent content = collect(choice);
        if (choice == null) {
            mayRepeat = false;
            return;
        }
        if (contentSeen || hasCall()) {
            endsEachPiece &= !finishReason.isEmpty() && !comesAgain(choice);
            judgeOrder(choice);
        }
        for (int i = 0; i < fragmentCount; i++) {
            choice.calls.take(fragments.get(i), content);
        }
        if (!finishReason.isEmpty()) {
            finish(choice);
        }
        mayRepeat &= fragmentCount == 0 && choice.finish == Finish.NONE && choice == choices.get(0);
    }

    // One of calls alone may be the one before it, if that had nothing else either.
    private boolean comesAgain(Choice choice) {
        boolean again = choice.finish != Finish.NONE && piece.sameAs(lastPiece);
        lastPiece.clear();
        lastPiece.append(piece);
        return again;
    }

    // Relays of Gemini, whose pieces may all have a finish reason, write one into each: it ends nothing there.
    private void judgeOrder(Choice choice) {
        if (choice.finish == Finish.NONE || orderTold || (endsEachPiece && endsTold)) {
            return;
        }
        endsTold = true;
        orderTold = !endsEachPiece;
        grammar.found(
                Rule.STREAM_ORDER,
                orderTold ? Rule.Severity.ERROR : Rule.Severity.WARNING,
                "content behind the finish of choice " + index + ", " + grammar.after());
    }

    // Some servers begin with another choice than the first, and some number the only one otherwise.
    private AnswerContent collect(@Nullable Choice choice) {
        AnswerContent content = grammar.content();
        if (choice == null || choice != choices.get(0)) {
            content.dropChoice();
            return AnswerContent.NONE;
        }
        if (collected != null && collected != choice) {
            content.keepChoice();
        }
        collected = choice;
        return content;
    }

    private boolean hasCall() {
        for (int i = 0; i < fragmentCount; i++) {
            if (!fragments.get(i).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void finish(Choice choice) {
        choice.finish = OpenAiWords.finish(finishReason);
        if (choice == choices.get(0)) {
            grammar.facts().finish(finishReason, choice.finish);
        }
    }

    private @Nullable Choice choice() {
        for (int i = 0; i < choices.size(); i++) {
            if (choices.get(i).index == index) {
                return choices.get(i);
            }
        }
        if (index < 0 || choices.size() == MAX_CHOICES) {
            wrongIndex();
            return null;
        }
        Choice choice = new Choice(index, new StreamedCalls(grammar));
        // The first one is what a reader who asked for one answer takes.
        choices.add(choices.isEmpty() || index > choices.get(0).index ? choices.size() : 0, choice);
        return choice;
    }

    private void wrongIndex() {
        if (!indexTold) {
            indexTold = true;
            grammar.found(Rule.STREAM_INDEX, "choice " + index + ", " + grammar.after());
        }
    }

    /** Says whether there are choices, and all of them have said why they ended, and meant it. */
    boolean areFinished() {
        return unfinished() == 0 && !choices.isEmpty() && !endsTold;
    }

    private int unfinished() {
        int unfinished = 0;
        for (Choice choice : choices) {
            unfinished += choice.finish == Finish.NONE ? 1 : 0;
        }
        return unfinished;
    }

    void judge() {
        if (choices.isEmpty()) {
            grammar.found(Rule.SHAPE_EMPTY_CHOICES, grammar.after());
        }
        for (int i = 0; i < choices.size(); i++) {
            Choice choice = choices.get(i);
            choice.calls.judge(choice.finish);
            if (i > 0) {
                judgeOther(choice);
            }
        }
        OpenAiWords.judgeStop(grammar);
    }

    // What is told of the first choice is told by the facts.
    private void judgeOther(Choice choice) {
        switch (choice.finish) {
            case NONE -> grammar.found(Rule.ANSWER_FINISH_MISSING, "choice " + choice.index);
            case LENGTH -> grammar.found(Rule.ANSWER_FINISH_LENGTH, "choice " + choice.index);
            case FILTERED, REFUSAL -> grammar.found(Rule.ANSWER_BLOCKED, "choice " + choice.index);
            default -> {}
        }
    }

    @Override
    public String toString() {
        return unfinished() + " of " + choices.size() + " choices open";
    }

    private static final class Choice {
        private final long index;
        private final StreamedCalls calls;
        private Finish finish = Finish.NONE;

        Choice(long index, StreamedCalls calls) {
            this.index = index;
            this.calls = calls;
        }
    }
}
