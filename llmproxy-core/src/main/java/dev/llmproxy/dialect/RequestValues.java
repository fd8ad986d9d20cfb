package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds out from the values in a request whether the same answer can be expected when it is repeated. */
final class RequestValues {
    private static final int LONGEST_WORD = 128;

    // What the application runs itself; of what is not known the answer may hold what was found somewhere.
    private static final String[] OWN_TOOLS = {"function", "custom", "namespace", "local_shell", "apply_patch"};
    private static final String[] OWN_TOOL_FAMILIES = {"bash_", "text_editor_", "memory_"};
    private static final String[] SEARCHING_MODELS = {"-search", ":online", "sonar", "deep-research", "compound"};

    private @Nullable String never;
    private @Nullable String onlyIfAsked;
    private boolean severalChoices;
    private boolean cold;
    private boolean seeded;

    /** Tells a value. Of one that is folded the beginning is there, too. */
    void value(Place.Told as, byte[] canonical, int from, int to) {
        switch (as) {
            case MODEL -> readModel(word(canonical, from, to));
            case TEMPERATURE -> cold = to - from == 1 && canonical[from] == '0';
            case SEED -> seeded |= isNumber(canonical[from]);
            case CHOICES -> severalChoices |= isNumber(canonical[from]) && !is(canonical, from, to, "1");
            case AUDIO -> {
                if (isSet(canonical, from, to)) {
                    onlyIfAsked = "it asks for more than text";
                }
            }
            case MODALITY -> {
                if (!word(canonical, from, to).equals("text")) {
                    onlyIfAsked = "it asks for more than text";
                }
            }
            case LOCATION -> {
                if (isLocation(canonical, from, to)) {
                    onlyIfAsked = "it names content by its URL";
                }
            }
            case STORED -> keepsState(is(canonical, from, to, "true"));
            case STATE -> keepsState(isSet(canonical, from, to));
            case ITEM_TYPE -> keepsState(is(canonical, from, to, "\"item_reference\""));
            case TOOL_TYPE -> readTool(word(canonical, from, to));
            case HOSTED -> usesHostedTools(isSet(canonical, from, to));
        }
    }

    private static boolean isNumber(byte first) {
        return first == '-' || (first >= '0' && first <= '9');
    }

    private static boolean is(byte[] canonical, int from, int to, String ascii) {
        byte[] other = ascii.getBytes(StandardCharsets.US_ASCII);
        return Arrays.equals(canonical, from, to, other, 0, other.length);
    }

    private static boolean isSet(byte[] canonical, int from, int to) {
        return !is(canonical, from, to, "null")
                && !is(canonical, from, to, "false")
                && !is(canonical, from, to, "\"\"")
                && !is(canonical, from, to, "[]");
    }

    /** Returns what a string says, in lower case and without its quotes, or nothing for another value. */
    private static String word(byte[] canonical, int from, int to) {
        if (canonical[from] != '"') {
            return "";
        }
        int end = Math.min(to - 1, from + 1 + LONGEST_WORD);
        return new String(canonical, from + 1, end - from - 1, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    }

    private static boolean isLocation(byte[] canonical, int from, int to) {
        return word(canonical, from, to).contains("://")
                && !word(canonical, from, to).startsWith("data:");
    }

    private void keepsState(boolean does) {
        if (does) {
            never = "it keeps or uses state at the provider";
        }
    }

    private void usesHostedTools(boolean does) {
        if (does) {
            never = "it lets the provider run tools";
        }
    }

    private void readModel(String model) {
        for (String part : SEARCHING_MODELS) {
            usesHostedTools(model.contains(part));
        }
    }

    private void readTool(String type) {
        boolean own = type.isEmpty() || Arrays.asList(OWN_TOOLS).contains(type);
        for (String family : OWN_TOOL_FAMILIES) {
            own |= type.startsWith(family);
        }
        usesHostedTools(!own);
    }

    /** Returns why an answer must never be given again, or null. */
    @Nullable
    String never() {
        return never;
    }

    /** Returns why an answer is given again only if that is asked for, or nothing. */
    String onlyIfAsked(boolean embeds) {
        if (onlyIfAsked != null) {
            return onlyIfAsked;
        }
        if (severalChoices && !seeded) {
            return "it asks for several choices and sets no seed";
        }
        return embeds || cold || seeded ? "" : "its temperature is not 0 and it sets no seed";
    }
}
