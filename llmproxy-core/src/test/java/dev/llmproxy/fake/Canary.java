package dev.llmproxy.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okio.ByteString;

/** A text that must be nowhere: looked for as it is, in parts, in capitals, and encoded. */
public final class Canary {
    private static final int GROUP = 3;

    private final String text;
    private final int part;
    private final Set<String> forms = new LinkedHashSet<>();

    private Canary(String text, int part) {
        this.text = text;
        this.part = part;
        byte[] bytes = text.getBytes(UTF_8);
        for (int i = 0; i + part <= text.length(); i++) {
            add(text.substring(i, i + part));
        }
        add(URLEncoder.encode(text, UTF_8));
        add(ByteString.of(bytes).hex());
        for (int before = 0; before < GROUP; before++) {
            // Without the digits at its ends, which hold bits of what stands beside it.
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            add(base64.substring(before == 0 ? 0 : 4, base64.length() - 4));
        }
    }

    private void add(String form) {
        forms.add(form.toLowerCase(Locale.ROOT));
    }

    /**
     * Returns a canary.
     *
     * @param text what must be nowhere
     * @param part how much of it is too much
     */
    public static Canary of(String text, int part) {
        return new Canary(text, part);
    }

    /** Returns the text. */
    public String text() {
        return text;
    }

    /** Returns the forms in which a text has it. */
    public List<String> in(String searched) {
        String lower = searched.toLowerCase(Locale.ROOT);
        return forms.stream().filter(lower::contains).toList();
    }

    /** Returns how much is too much, and nothing of the text. */
    @Override
    public String toString() {
        return "canary of " + text.length() + " characters, parts of " + part;
    }
}
