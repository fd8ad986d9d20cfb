package dev.llmproxy.micrometer;

import dev.llmproxy.call.Origin;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of each kind of calls, found by the parts of their key, so that a call makes no key. At most 500 rows; what
 * comes later shares one for each wire format. Rows are only ever added. Thread-safe; finding one takes no lock.
 */
final class Rows<M> {
    private static final int MOST = 500;
    private static final int BUCKETS = 512;
    // Compared one by one, which takes less than a hash of the key: most applications have no more.
    private static final int FEW = 4;

    private volatile @Nullable Row<M> few;
    private final AtomicReferenceArray<@Nullable Row<M>> buckets = new AtomicReferenceArray<>(BUCKETS);
    private final ModelNames models;
    private final BiFunction<Key, Origin, M> make;
    private int size;

    /**
     * What calls are told apart by.
     *
     * @param place the origin or the name of a deployment
     * @param dialect the id of the wire format, empty for none
     * @param form whether it is a stream or asks for vectors, as {@link Api} tells it
     * @param model the model that is asked for
     * @param answered the model that answered
     */
    record Key(Object place, String dialect, int form, String model, String answered) {
        Key folded() {
            return new Key(LlmTag.OTHER, dialect, form, LlmTag.OTHER, LlmTag.OTHER);
        }

        boolean is(Object place, String dialect, int form, String model, String answered) {
            return this.form == form
                    && this.model.equals(model)
                    && this.answered.equals(answered)
                    && this.dialect.equals(dialect)
                    && this.place.equals(place);
        }

        static int bucket(String dialect, int form, String model, String answered) {
            int hash = ((model.hashCode() * 31 + answered.hashCode()) * 31 + dialect.hashCode()) * 31 + form;
            return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
        }
    }

    private record Row<M>(Key key, M meters, @Nullable Row<M> next) {}

    Rows(ModelNames models, BiFunction<Key, Origin, M> make) {
        this.models = models;
        this.make = make;
    }

    /** Returns the meters of these calls. Allocates nothing where there are some. */
    M of(Object place, Origin origin, String dialect, int form, String model, String answered) {
        M found = find(place, dialect, form, orNone(model), orNone(answered));
        return found != null
                ? found
                : labelled(place, origin, dialect, form, models.label(model), models.label(answered));
    }

    // As they are labelled: so what has no name is found at once, too.
    private static String orNone(String name) {
        return name.isEmpty() ? LlmTag.NONE : name;
    }

    private M labelled(Object place, Origin origin, String dialect, int form, String model, String answered) {
        M found = find(place, dialect, form, model, answered);
        return found != null ? found : add(new Key(place, dialect, form, model, answered), origin);
    }

    private synchronized M add(Key wanted, Origin origin) {
        Key key = size < MOST ? wanted : wanted.folded();
        M found = find(key.place, key.dialect, key.form, key.model, key.answered);
        if (found != null) {
            return found;
        }
        M made = make.apply(key, origin);
        if (size < FEW) {
            few = new Row<>(key, made, few);
        } else {
            int bucket = Key.bucket(key.dialect, key.form, key.model, key.answered);
            buckets.set(bucket, new Row<>(key, made, buckets.get(bucket)));
        }
        size++;
        return made;
    }

    private @Nullable M find(Object place, String dialect, int form, String model, String answered) {
        M found = in(few, place, dialect, form, model, answered);
        return found != null
                ? found
                : in(buckets.get(Key.bucket(dialect, form, model, answered)), place, dialect, form, model, answered);
    }

    private static <M> @Nullable M in(
            @Nullable Row<M> first, Object place, String dialect, int form, String model, String answered) {
        Row<M> row = first;
        while (row != null && !row.key.is(place, dialect, form, model, answered)) {
            row = row.next;
        }
        return row == null ? null : row.meters;
    }
}
