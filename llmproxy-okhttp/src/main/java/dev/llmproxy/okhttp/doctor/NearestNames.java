package dev.llmproxy.okhttp.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant. */
final class NearestNames {
    private static final int MOST = 3;

    private NearestNames() {}

    /** Returns the nearest names, the nearest first; none where nothing is near. */
    static List<String> to(String name, List<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int farthest = Math.max(2, wanted.length() / 3);
        return known.stream()
                .map(each -> new Near(each, distance(wanted, each.toLowerCase(Locale.ROOT))))
                .filter(each -> each.distance <= farthest)
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(MOST)
                .map(Near::name)
                .toList();
    }

    // Names are often given without their date or their size.
    private static int distance(String a, String b) {
        boolean begins = a.length() > 3 && (b.startsWith(a) || b.endsWith('/' + a));
        return begins ? 1 : edits(a, b);
    }

    /** Returns how many characters have to be added, dropped or changed: Levenshtein's distance, in two rows. */
    static int edits(String a, String b) {
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
            }
            int[] swap = last;
            last = row;
            row = swap;
        }
        return last[b.length()];
    }

    private record Near(String name, int distance) {}
}
