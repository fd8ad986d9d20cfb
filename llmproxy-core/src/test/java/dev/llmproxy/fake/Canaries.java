package dev.llmproxy.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import okio.ByteString;

/** Many texts that must be nowhere, looked for at once: each part of each, as it is, joined, in capitals, and encoded. */
public final class Canaries {
    private static final int AROUND = 80;
    private static final int GROUP = 3;

    private final Parts plain = new Parts(12);
    // Of the same number of letters, about.
    private final Parts encoded = new Parts(24);

    /** Adds a text, under a name that a leak is told by. */
    public void add(String name, String text) {
        plain.add(name, text);
        for (String joint : List.of("-", "_", "+", "%20", "")) {
            plain.add(name, text.replace(" ", joint));
        }
        plain.add(name, URLEncoder.encode(text, UTF_8));
        byte[] bytes = text.getBytes(UTF_8);
        encoded.add(name, ByteString.of(bytes).hex());
        for (int before = 0; before < GROUP; before++) {
            // Without the digits at its ends, which hold bits of what stands beside it.
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String base64 = ByteString.of(shifted).base64().replace("=", "");
            encoded.add(name, base64.substring(before == 0 ? 0 : 4, base64.length() - 4));
        }
    }

    /** Returns of whom a text has parts, each with the first place. */
    public List<String> in(String searched) {
        Map<String, String> found = new TreeMap<>();
        String text = folded(searched);
        plain.find(text, found);
        encoded.find(text, found);
        return found.entrySet().stream().map(Object::toString).toList();
    }

    // Either spelling of Base64 is found.
    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT).replace('-', '+').replace('_', '/');
    }

    @Override
    public String toString() {
        return plain + " and " + encoded;
    }

    /** Parts of one length, found by a hash that rolls through the text. */
    private static final class Parts {
        private static final int FACTOR = 31;
        private static final int SLOTS = 1 << 22;

        private final int length;
        private final int top;
        private final Map<String, String> names = new HashMap<>();
        private final BitSet hashes = new BitSet(SLOTS);

        Parts(int length) {
            this.length = length;
            int power = 1;
            for (int i = 0; i < length; i++) {
                power *= FACTOR;
            }
            this.top = power;
        }

        void add(String name, String form) {
            String text = folded(form);
            for (int i = 0; i + length <= text.length(); i++) {
                String part = text.substring(i, i + length);
                names.put(part, name);
                hashes.set(slot(hash(part)));
            }
        }

        void find(String text, Map<String, String> found) {
            int hash = text.length() < length ? 0 : hash(text);
            for (int i = 0; i + length <= text.length(); i++) {
                if (hashes.get(slot(hash))) {
                    String name = names.get(text.substring(i, i + length));
                    if (name != null) {
                        found.putIfAbsent(
                                name,
                                text.substring(Math.max(0, i - AROUND), Math.min(text.length(), i + length + AROUND)));
                    }
                }
                if (i + length < text.length()) {
                    hash = hash * FACTOR + text.charAt(i + length) - text.charAt(i) * top;
                }
            }
        }

        private int hash(String text) {
            int hash = 0;
            for (int i = 0; i < length; i++) {
                hash = hash * FACTOR + text.charAt(i);
            }
            return hash;
        }

        private static int slot(int hash) {
            return (hash ^ hash >>> 16) & (SLOTS - 1);
        }

        @Override
        public String toString() {
            return names.size() + " parts of " + length;
        }
    }
}
