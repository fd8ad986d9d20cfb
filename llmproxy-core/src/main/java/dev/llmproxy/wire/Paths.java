package dev.llmproxy.wire;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The places in a document that a scanner shows the values of, each with a number of the caller's choice. A place is
 * written as the names that lead to it, {@code usage.prompt_tokens}; {@code []} is each element of an array,
 * {@code choices[].delta.content}; the empty path is the document itself. Immutable: built once for a wire format.
 */
public final class Paths {
    /** Watches nothing. */
    public static final Paths NONE = builder().build();

    private final PathNode root;
    private final int levels;
    private final int longestName;

    private Paths(Builder builder) {
        this.root = builder.root.build();
        this.levels = builder.levels;
        this.longestName = builder.longestName;
    }

    /**
     * Returns a builder without a path.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    PathNode root() {
        return root;
    }

    /** Returns how many nested values, the document included, the longest path leads through. */
    int levels() {
        return levels;
    }

    /** Returns the length of the longest name, in bytes. */
    int longestName() {
        return longestName;
    }

    /** Collects paths. */
    public static final class Builder {
        private final PathNode.Builder root = new PathNode.Builder(new byte[0], 0);
        private int levels = 1;
        private int longestName;

        private Builder() {}

        /**
         * Adds a path.
         *
         * @param path the names, with a dot between them and {@code []} for the elements of an array
         * @param field what the values are told as, at least 0; several paths may share one
         * @return this
         */
        public Builder add(String path, int field) {
            Objects.requireNonNull(path, "path");
            if (field < 0) {
                throw new IllegalArgumentException("field: " + field + " (expected: >= 0)");
            }
            if (!place(path).becomes(field)) {
                throw new IllegalArgumentException("path: " + path + " (expected: added once)");
            }
            return this;
        }

        /**
         * Adds a path whose objects and arrays are shown as they are written, too.
         *
         * @param path the names, as in {@link #add}
         * @param field what the values are told as, at least 0; several paths may share one
         * @return this
         */
        public Builder addRaw(String path, int field) {
            add(path, field);
            place(path).raw();
            return this;
        }

        /**
         * Adds a path whose numbers are shown as they are written, too.
         *
         * @param path the names, as in {@link #add}
         * @param field what the values are told as, at least 0; several paths may share one
         * @return this
         */
        public Builder addNumber(String path, int field) {
            add(path, field);
            place(path).rawNumber();
            return this;
        }

        /**
         * Has it {@linkplain JsonValues#ambiguous told} if an object names a member twice through which these paths lead:
         * readers differ in which of the two they take, and so in what they find there.
         *
         * @param guarded the paths, as in {@link #add}
         * @return this
         */
        public Builder guard(String... guarded) {
            for (String path : guarded) {
                walk(path, true);
            }
            return this;
        }

        private PathNode.Builder place(String path) {
            return walk(path, false);
        }

        private PathNode.Builder walk(String path, boolean guards) {
            PathNode.Builder place = root;
            int steps = 1;
            for (int i = 0; i < path.length(); steps++) {
                if (path.startsWith("[]", i)) {
                    place = place.elements();
                    i += 2;
                } else {
                    int start = startOfName(path, i);
                    i = endOfName(path, start);
                    place = place.member(nameIn(path, start, i));
                }
                if (guards) {
                    place.guard();
                }
            }
            levels = Math.max(levels, steps);
            return place;
        }

        private static int startOfName(String path, int i) {
            if (i == 0) {
                return 0;
            }
            // Without a dot the whole rest is taken for a name, which is then found to be none.
            return path.charAt(i) == '.' ? i + 1 : path.length();
        }

        private static int endOfName(String path, int from) {
            int end = from;
            while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                end++;
            }
            return end;
        }

        private byte[] nameIn(String path, int from, int to) {
            if (from >= to) {
                throw new IllegalArgumentException("path: " + path + " (expected: like choices[].delta.content)");
            }
            byte[] name = path.substring(from, to).getBytes(StandardCharsets.UTF_8);
            longestName = Math.max(longestName, name.length);
            return name;
        }

        /**
         * Builds the paths.
         *
         * @return the paths
         */
        public Paths build() {
            return new Paths(this);
        }
    }
}
