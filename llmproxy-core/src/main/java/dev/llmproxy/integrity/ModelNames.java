package dev.llmproxy.integrity;

import java.util.Locale;

/** Compares the model that was asked with the one that answered. */
final class ModelNames {
    private static final String[] FLOATING = {"latest", "preview", "exp", "auto", "router"};

    private ModelNames() {}

    /**
     * Says whether one may be another name of the other: a snapshot of an alias, an alias of a snapshot, or anything for
     * a name that says of itself that what it stands for changes.
     */
    static boolean mayBeSame(String asked, String answered) {
        String a = plain(asked);
        String b = plain(answered);
        // What is called -0 is an alias of the first snapshot.
        String alias = a.endsWith("-0") ? a.substring(0, a.length() - 2) : a;
        return isFloating(a) || isOf(alias, b) || isOf(b, a);
    }

    // "gpt-4" is no alias of "gpt-4o", and "gpt-4.1" none of either.
    private static boolean isOf(String alias, String name) {
        if (!name.startsWith(alias)) {
            return false;
        }
        char next = name.length() == alias.length() ? '-' : name.charAt(alias.length());
        return next == '-' || next == '@' || next == ':';
    }

    private static boolean isFloating(String name) {
        for (String word : FLOATING) {
            if (name.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static String plain(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        return lower.substring(lower.lastIndexOf('/') + 1);
    }
}
