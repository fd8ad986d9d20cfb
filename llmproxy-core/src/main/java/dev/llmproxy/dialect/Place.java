package dev.llmproxy.dialect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A place in requests where something stands that matters for repeating them, or that leads to one. Immutable once it is
 * built.
 */
final class Place {
    private byte[][] names = {};
    private Place[] members = {};
    private @Nullable Place others;
    private @Nullable Place elements;
    private @Nullable Told told;

    /** What a value is told as. */
    enum Told {
        MODEL,
        TEMPERATURE,
        SEED,
        CHOICES,
        MODALITY,
        AUDIO,
        LOCATION,
        STORED,
        STATE,
        ITEM_TYPE,
        TOOL_TYPE,
        HOSTED
    }

    /**
     * Adds a place below this one.
     *
     * @param path the names that lead there, with dots; {@code []} is each element of an array, {@code *} each member
     *     that has no place of its own
     * @param as what the values there are told as; null if as nothing
     */
    Place add(String path, @Nullable Told as) {
        Place at = this;
        for (String step : path.replace("[]", ".[]").split("\\.", -1)) {
            at = at.step(step);
        }
        at.told = as;
        return this;
    }

    private Place step(String step) {
        if (step.equals("[]")) {
            elements = elements == null ? new Place() : elements;
            return elements;
        }
        if (step.equals("*")) {
            others = others == null ? new Place() : others;
            return others;
        }
        byte[] name = new Word(step).bytes();
        Place known = named(name, 0, name.length);
        if (known == null) {
            known = new Place();
            names = Arrays.copyOf(names, names.length + 1);
            names[names.length - 1] = name;
            members = Arrays.copyOf(members, names.length);
            members[members.length - 1] = known;
        }
        return known;
    }

    private @Nullable Place named(byte[] text, int from, int to) {
        for (int i = 0; i < names.length; i++) {
            byte[] name = names[i];
            if (name.length == to - from && Arrays.equals(name, 0, name.length, text, from, to)) {
                return members[i];
            }
        }
        return null;
    }

    /** Returns the place of a member, if this is one of an object. */
    @Nullable
    Place member(byte[] text, int from, int to) {
        Place known = named(text, from, to);
        return known == null ? others : known;
    }

    /** Returns the place of the elements, if this is one of an array. */
    @Nullable
    Place elements() {
        return elements;
    }

    /** Tells the value that stands here. */
    void tell(RequestValues values, byte[] canonical, int from, int to) {
        if (told != null) {
            values.value(told, canonical, from, to);
        }
    }
}
