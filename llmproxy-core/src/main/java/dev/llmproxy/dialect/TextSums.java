package dev.llmproxy.dialect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts of the numbered parts of an item, as sums. */
final class TextSums {
    private static final int MAX_PARTS = 256;

    private final List<TextSum> sums = new ArrayList<>();
    private int count;

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    /** Begins the next part; parts beyond any answer's are one. */
    TextSum next() {
        if (count < MAX_PARTS) {
            if (count == sums.size()) {
                sums.add(new TextSum());
            }
            sums.get(count).clear();
            count++;
        }
        return last();
    }

    /** Returns the last part that was begun. */
    TextSum last() {
        return sums.get(count - 1);
    }

    /** Returns a part, which is begun with those before it if it has not been; null for no possible number. */
    @Nullable
    TextSum at(long index) {
        if (index < 0 || index >= MAX_PARTS) {
            return null;
        }
        while (count <= index) {
            next();
        }
        return sums.get((int) index);
    }

    /** Returns how many code points all parts have. */
    long codePoints() {
        long codePoints = 0;
        for (int i = 0; i < count; i++) {
            codePoints += sums.get(i).codePoints();
        }
        return codePoints;
    }

    /** Returns the number of the first part whose text is known to both and differs, or -1. */
    int difference(TextSums other) {
        for (int i = 0; i < Math.min(count, other.count); i++) {
            TextSum mine = sums.get(i);
            TextSum its = other.sums.get(i);
            if (mine.isKnown() && its.isKnown() && !mine.sameAs(its)) {
                return i;
            }
        }
        return -1;
    }
}
