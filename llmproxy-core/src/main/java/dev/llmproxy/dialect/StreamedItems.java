package dev.llmproxy.dialect;

import dev.llmproxy.dialect.ResponseEvent.Place;
import dev.llmproxy.dialect.Rule.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of a stream of OpenAI's responses, by their index in the output: their ids change at some servers. Each
 * begins, is built up, and ends, and what was put together has to be what is written out behind it.
 */
final class StreamedItems {
    private static final int MAX_ITEMS = 1_024;
    private static final int MAX_PARTS = 8_192;

    private final AnswerGrammar grammar;
    private final SequenceNumbers numbers;
    private final List<StreamedItem> items = new ArrayList<>();
    private boolean lifecycleTold;
    private boolean endTold;
    private boolean inPieces;
    private @Nullable String outputDifference;
    private int outputs;
    private int compared;
    private int parts;

    StreamedItems(AnswerGrammar grammar, SequenceNumbers numbers) {
        this.grammar = grammar;
        this.numbers = numbers;
    }

    private void irregular(Rule rule, String detail) {
        if (!lifecycleTold) {
            lifecycleTold = true;
            grammar.found(rule, numbers.severity(), detail + ", " + grammar.after());
        }
    }

    void begin(long index, WholeItem whole) {
        inPieces = true;
        long expected = items.isEmpty() ? 0 : items.get(items.size() - 1).index() + 1;
        long number = index == SequenceNumbers.NONE ? expected : index;
        if (find(number) != null) {
            irregular(Rule.STREAM_ORDER, "item " + number + " begins again");
        } else if (number != expected) {
            irregular(Rule.STREAM_INDEX, "item " + number + ", expected " + expected);
        }
        StreamedItem item = newItem(number);
        if (item != null) {
            item.hosted(whole.isHosted());
        }
    }

    private @Nullable StreamedItem find(long index) {
        for (int i = items.size() - 1; i >= 0; i--) {
            if (items.get(i).index() == index) {
                return items.get(i);
            }
        }
        return null;
    }

    private @Nullable StreamedItem itemOrNew(long index) {
        StreamedItem item = find(index);
        return item == null ? newItem(index) : item;
    }

    // Also where its index was there before: Ollama counts anew for each batch of calls.
    private @Nullable StreamedItem newItem(long index) {
        if (items.size() == MAX_ITEMS) {
            return null;
        }
        StreamedItem item = new StreamedItem(index);
        items.add(item);
        return item;
    }

    /** Returns the item that an event goes on with. */
    private @Nullable StreamedItem open(long index, ResponseEvent event) {
        inPieces = true;
        StreamedItem item = index == SequenceNumbers.NONE && !items.isEmpty() ? unnumbered(event) : find(index);
        if (item == null) {
            return openOther(index, event);
        }
        if (item.isDone()) {
            irregular(Rule.STREAM_ORDER, event + " of item " + index + ", which is done");
        }
        return item;
    }

    private @Nullable StreamedItem openOther(long index, ResponseEvent event) {
        StreamedItem before = event.isWrittenOut() ? openBefore(index, event) : null;
        if (before == null && event.isReasoningText()) {
            return unannounced(index);
        }
        irregular(Rule.STREAM_INDEX, event + " of item " + index + ", which has not begun");
        return before == null ? itemOrNew(Math.max(index, 0)) : before;
    }

    // SGLang counts on before it writes an item out.
    private @Nullable StreamedItem openBefore(long index, ResponseEvent event) {
        StreamedItem before = find(index - 1);
        return before != null && !before.isDone() && before.hasBegun(event.place()) ? before : null;
    }

    // New API makes no item of what it hands through as reasoning: that neither begins nor ends, nor is it in the
    // output.
    private @Nullable StreamedItem unannounced(long index) {
        StreamedItem item = newItem(Math.max(index, 0));
        if (item != null) {
            item.unannounced();
        }
        return item;
    }

    // llama.cpp writes all items out behind the last of them, in the order in which they have begun.
    private StreamedItem unnumbered(ResponseEvent event) {
        for (StreamedItem item : items) {
            if (event.isWrittenOut() && !item.isDone() && item.hasBegun(event.place())) {
                return item;
            }
        }
        return items.get(items.size() - 1);
    }

    void beginPart(ResponseEvent event, long index, long part) {
        StreamedItem item = open(index, event);
        if (item != null) {
            int expected = item.parts(event.place());
            if (part != SequenceNumbers.NONE && part != expected) {
                irregular(Rule.STREAM_INDEX, event + " of part " + part + ", expected " + expected);
            }
            begun(item, event.place(), part);
        }
    }

    void delta(ResponseEvent event, long index, long part, TextSum delta) {
        TextSum text = text(event, index, part);
        if (text != null) {
            text.append(delta);
        }
    }

    private @Nullable TextSum text(ResponseEvent event, long index, long part) {
        StreamedItem item = open(index, event);
        if (item == null) {
            return null;
        }
        if (event.place() != Place.ARGUMENTS && part >= item.parts(event.place()) && !item.isUnannounced()) {
            irregular(Rule.STREAM_INDEX, event + " of part " + part + ", which has not begun");
        }
        return begun(item, event.place(), Math.max(part, 0));
    }

    // A number costs the sender less than the parts up to it cost here.
    private @Nullable TextSum begun(StreamedItem item, Place place, long part) {
        int before = item.parts(place);
        if (place != Place.ARGUMENTS && part >= before && parts + part - before >= MAX_PARTS) {
            return null;
        }
        TextSum text = item.text(place, part);
        parts += item.parts(place) - before;
        return text;
    }

    /** Compares a text that is written out with its pieces; returns whether there were none. */
    boolean whole(ResponseEvent event, long index, long part, TextSum whole) {
        TextSum text = text(event, index, part);
        if (text == null || !whole.isKnown()) {
            return false;
        }
        if (!text.isKnown()) {
            text.append(whole);
            return true;
        }
        if (!text.sameAs(whole)) {
            mismatch(Severity.ERROR, event + " of " + whole.units() + " characters, " + text.units() + " came before");
        }
        return false;
    }

    private void mismatch(Severity severity, String detail) {
        grammar.found(Rule.STREAM_DONE_MISMATCH, severity, detail + ", " + grammar.after());
    }

    /** Ends an item, and returns whether nothing was heard of it before: then its end says all there is. */
    boolean end(ResponseEvent event, long index, WholeItem whole) {
        boolean isFirst = isFirstHeard(event, index);
        if (isFirst && !endTold) {
            endTold = true;
            String detail = event + " of item " + index + ", which has not begun, " + grammar.after();
            grammar.found(Rule.STREAM_INDEX, Severity.WARNING, detail);
        }
        StreamedItem item = isFirst ? newItem(index < 0 ? items.size() : index) : open(index, event);
        if (item != null) {
            if (item.isUnannounced()) {
                irregular(Rule.STREAM_INDEX, event + " of item " + index + ", which has not begun");
            }
            item.done();
            item.hosted(whole.isHosted());
            String difference = item.difference(whole);
            if (difference != null) {
                mismatch(Severity.ERROR, event + ": " + difference);
            }
        }
        return isFirst;
    }

    private boolean isFirstHeard(ResponseEvent event, long index) {
        if (index == SequenceNumbers.NONE) {
            return !inPieces;
        }
        return find(index) == null && openBefore(index, event) == null;
    }

    /** Takes the next item of an output that is written out. */
    void output(WholeItem whole) {
        if (!whole.isReasoning()) {
            passUnannounced();
        }
        StreamedItem item = compared < items.size() ? items.get(compared) : null;
        outputs++;
        compared++;
        if (item != null && outputDifference == null) {
            outputDifference = item.difference(whole);
        }
    }

    private void passUnannounced() {
        while (compared < items.size() && items.get(compared).isUnannounced()) {
            compared++;
        }
    }

    /** Forgets an output that was written out, for the next event. */
    void clearOutput() {
        outputs = 0;
        compared = 0;
        outputDifference = null;
    }

    /**
     * Compares all items with the output that was written out; some servers leave it empty. Where some of it are left out
     * nobody knows which of the others are the same.
     */
    void judgeOutput() {
        passUnannounced();
        if (outputs > 0 && compared != items.size()) {
            mismatch(numbers.severity(), "output of " + outputs + " items, " + items.size() + " came before");
        } else if (outputDifference != null) {
            mismatch(Severity.ERROR, "output: " + outputDifference);
        }
    }

    /** Tells which items have not ended. */
    void judgeEnds() {
        for (StreamedItem item : items) {
            if (!item.isDone()) {
                boolean isUsual = item.isHosted() || item.isUnannounced();
                Severity severity = isUsual ? Severity.WARNING : numbers.severity();
                grammar.found(Rule.STREAM_ORDER, severity, "item " + item.index() + " is not done at the end");
            }
        }
    }

    /** Says whether the provider has worked with tools of its own. */
    boolean hasHosted() {
        for (StreamedItem item : items) {
            if (item.isHosted()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        long open = items.stream().filter(item -> !item.isDone()).count();
        return open + " of " + items.size() + " items open";
    }
}
