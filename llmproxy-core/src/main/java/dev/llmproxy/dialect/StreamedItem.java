package dev.llmproxy.dialect;

import dev.llmproxy.dialect.ResponseEvent.Place;
import org.jspecify.annotations.Nullable;

/** An item that a stream of OpenAI's responses builds up: sums of the texts that have come. */
final class StreamedItem {
    private final long index;
    private final TextSums contents = new TextSums();
    private final TextSums summaries = new TextSums();
    private final TextSum input = new TextSum();
    private boolean done;
    private boolean hosted;
    private boolean unannounced;

    StreamedItem(long index) {
        this.index = index;
    }

    long index() {
        return index;
    }

    boolean isDone() {
        return done;
    }

    boolean isHosted() {
        return hosted;
    }

    void hosted(boolean isHosted) {
        hosted = isHosted;
    }

    void done() {
        done = true;
    }

    /** Says whether it has come without a beginning. */
    boolean isUnannounced() {
        return unannounced;
    }

    void unannounced() {
        unannounced = true;
    }

    /** Returns one of the texts, or null where there can be none. */
    @Nullable
    TextSum text(Place place, long part) {
        return switch (place) {
            case CONTENT -> contents.at(part);
            case SUMMARY -> summaries.at(part);
            case ARGUMENTS -> input;
            case NONE -> null;
        };
    }

    /** Says whether there has come anything of a text; of the item as a whole there has. */
    boolean hasBegun(Place place) {
        return switch (place) {
            case CONTENT, SUMMARY -> parts(place) > 0;
            case ARGUMENTS -> input.isKnown();
            case NONE -> true;
        };
    }

    /** Returns how many parts have begun. */
    int parts(Place place) {
        return place == Place.CONTENT ? contents.count() : summaries.count();
    }

    /** Returns which text of an item that is written out differs from what has come of it, or null. */
    @Nullable
    String difference(WholeItem whole) {
        int content = contents.difference(whole.contents());
        if (content >= 0) {
            return "content " + content + " of item " + index;
        }
        int summary = summaries.difference(whole.summaries());
        if (summary >= 0) {
            return "summary " + summary + " of item " + index;
        }
        boolean differs = input.isKnown() && whole.input().isKnown() && !input.sameAs(whole.input());
        return differs ? "input of item " + index : null;
    }
}
