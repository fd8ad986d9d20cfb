package dev.llmproxy.dialect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A value that is written each time with its members in another order and other blanks, and can be edited. */
final class RandomTree {
    private final List<String> names = new ArrayList<>();
    private final List<RandomTree> values = new ArrayList<>();
    private final boolean object;
    private String scalar = "";

    private RandomTree(boolean object) {
        this.object = object;
    }

    static RandomTree object(Random random, int depth) {
        RandomTree tree = new RandomTree(true);
        for (int i = 0, size = 1 + random.nextInt(6); i < size; i++) {
            tree.names.add("name " + i * 7 % 5 + "/" + i);
            tree.values.add(any(random, depth - 1));
        }
        return tree;
    }

    private static RandomTree any(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 4 : 2);
        if (kind == 2) {
            return object(random, depth);
        }
        RandomTree tree = new RandomTree(false);
        if (kind == 3) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                tree.values.add(any(random, depth - 1));
            }
        } else {
            tree.scalar = kind == 0 ? "" + random.nextInt(100) : '"' + "text ".repeat(random.nextInt(20)) + '"';
        }
        return tree;
    }

    String written(Random random) {
        if (values.isEmpty()) {
            return blank(random) + scalar + blank(random);
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            String name = object ? blank(random) + '"' + names.get(i) + '"' + blank(random) + ':' : "";
            parts.add(name + values.get(i).written(random));
        }
        if (object) {
            Collections.shuffle(parts, random);
        }
        String all = String.join(",", parts);
        return blank(random) + (object ? '{' + all + '}' : '[' + all + ']') + blank(random);
    }

    private static String blank(Random random) {
        return " \n".substring(random.nextInt(3));
    }

    /** Changes one thing somewhere. */
    RandomTree edit(Random random) {
        if (values.isEmpty()) {
            scalar = scalar.startsWith("\"") ? "\"!" + scalar.substring(1) : "1" + scalar;
        } else if (random.nextInt(4) > 0) {
            values.get(random.nextInt(values.size())).edit(random);
        } else if (object) {
            int i = random.nextInt(names.size());
            names.set(i, names.get(i) + "'");
        } else {
            values.add(values.get(0));
        }
        return this;
    }
}
