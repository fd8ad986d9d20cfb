package dev.llmproxy.okhttp;

import dev.llmproxy.call.HeaderLines;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.SharedLines;
import okhttp3.Headers;
import okhttp3.Request;
import okhttp3.Response;

/** OkHttp's headers as the chain sees them, without a copy; and back again, where a chain of stages left most as it was. */
final class ClientHeaders implements HeaderLines {
    private final Headers headers;

    private ClientHeaders(Headers headers) {
        this.headers = headers;
    }

    static LlmHeaders from(Headers headers) {
        return LlmHeaders.received(new ClientHeaders(headers));
    }

    @Override
    public int size() {
        return headers.size();
    }

    @Override
    public String name(int index) {
        return headers.name(index);
    }

    @Override
    public String value(int index) {
        return headers.value(index);
    }

    /** Puts headers in place of those that a response has. */
    static void put(LlmHeaders wanted, Headers present, Response.Builder into) {
        int kept = keptOf(present, wanted);
        if (kept < present.size() || kept == 0) {
            into.headers(toOkHttp(wanted));
        } else {
            addFrom(kept, wanted, into);
        }
    }

    /** Returns how many lines of those that are wanted, from the first, are the present ones, untouched. */
    @SuppressWarnings("ReferenceEquality") // the same object, not the same text: whether nothing was changed
    private static int keptOf(Headers present, LlmHeaders wanted) {
        return wanted.lines() instanceof ClientHeaders own && own.headers == present ? present.size() : 0;
    }

    /** Puts headers where there are none. */
    static void put(LlmHeaders wanted, Response.Builder into) {
        if (wanted.lines() instanceof SharedLines shared) {
            into.headers(shared.as(Headers.class, ClientHeaders::toOkHttp));
            addFrom(shared.size(), wanted, into);
        } else {
            into.headers(toOkHttp(wanted));
        }
    }

    private static void addFrom(int first, LlmHeaders wanted, Response.Builder into) {
        for (int i = first, size = wanted.size(); i < size; i++) {
            if (!isPlain(wanted.value(i))) {
                into.headers(toOkHttp(wanted));
                return;
            }
            into.addHeader(wanted.name(i), wanted.value(i));
        }
    }

    // OkHttp adds nothing else to a response; a stage may, such as what it has received itself.
    private static boolean isPlain(String value) {
        for (int i = 0, length = value.length(); i < length; i++) {
            char c = value.charAt(i);
            if (c != '\t' && (c < ' ' || c > '~')) {
                return false;
            }
        }
        return true;
    }

    private static Headers toOkHttp(LlmHeaders headers) {
        Headers.Builder converted = new Headers.Builder();
        for (int i = 0, size = headers.size(); i < size; i++) {
            // Checked when they were set, by OkHttp or by LlmHeaders.
            converted.addUnsafeNonAscii(headers.name(i), headers.value(i));
        }
        return converted.build();
    }

    /** Puts headers in place of those that a request has. */
    static void put(LlmHeaders wanted, Headers present, Request.Builder into) {
        int kept = keptOf(present, wanted);
        if (kept < present.size() && !differsInValuesOnly(wanted, present)) {
            into.headers(toOkHttp(wanted));
            return;
        }
        for (int i = kept; i < wanted.size(); i++) {
            if (i >= present.size()) {
                into.addHeader(wanted.name(i), wanted.value(i));
            } else if (!wanted.value(i).equals(present.value(i))) {
                into.header(wanted.name(i), wanted.value(i));
            }
        }
    }

    // As when a credential took the place of the client's own. A name that comes twice cannot be set by its name.
    private static boolean differsInValuesOnly(LlmHeaders wanted, Headers present) {
        if (wanted.size() < present.size()) {
            return false;
        }
        for (int i = 0; i < present.size(); i++) {
            boolean sameName = wanted.name(i).equalsIgnoreCase(present.name(i));
            if (!sameName || (!wanted.value(i).equals(present.value(i)) && isRepeated(present, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRepeated(Headers headers, int index) {
        for (int i = 0; i < headers.size(); i++) {
            if (i != index && headers.name(i).equalsIgnoreCase(headers.name(index))) {
                return true;
            }
        }
        return false;
    }
}
