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
        if (asked.equals(answered)) {
            return true;
        }
        String a = plain(asked);
        String b = plain(answered);
        return isFloating(a) || isOf(unnumbered(a), b) || isOf(b, a);
    }

    // What is called -0 is an alias of the first snapshot, and -002 is a number that answers write in other ways.
    private static String unnumbered(String name) {
        int dash = name.lastIndexOf('-');
        String number = name.substring(dash + 1);
        boolean isNumber = number.equals("0") || (number.length() == 3 && number.startsWith("00"));
        return dash > 0 && isNumber ? name.substring(0, dash) : name;
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
