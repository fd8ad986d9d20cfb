package dev.llmproxy.call;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lines that are handed out again and again, such as those of a stored answer: an HTTP client converts them once. For
 * bindings. Thread-safe; the lines do not change.
 */
public final class SharedLines implements HeaderLines {
    private final LlmHeaders headers;
    private volatile @Nullable Object form;

    private SharedLines(LlmHeaders headers) {
        this.headers = headers;
    }

    /**
     * Returns headers whose lines are shared by all that is made by adding to them.
     *
     * @param headers the lines
     * @return equal headers
     */
    public static LlmHeaders of(LlmHeaders headers) {
        return LlmHeaders.received(new SharedLines(Objects.requireNonNull(headers, "headers")));
    }

    @Override
    public int size() {
        return headers.size();
    }

    @Override
    public String name(int index) {
        return headers.name(index);
    }

    @Override
    public String value(int index) {
        return headers.value(index);
    }

    /**
     * Returns these lines as an HTTP client holds them.
     *
     * @param type the client's type
     * @param convert makes it where it was not made before; twice where two threads meet
     * @param <F> the client's type
     * @return what was made, the same until another type is asked for
     */
    public <F> F as(Class<F> type, Function<LlmHeaders, F> convert) {
        Object known = form;
        if (type.isInstance(known)) {
            return type.cast(known);
        }
        F made = convert.apply(headers);
        form = made;
        return made;
    }

    /** Returns the names, sorted, and no value. */
    @Override
    public String toString() {
        return headers.toString();
    }
}
