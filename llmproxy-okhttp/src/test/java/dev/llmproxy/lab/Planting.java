package dev.llmproxy.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.llmproxy.testing.Reply;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.ByteString;

/**
 * What a trial is sent with in place of its prompt and its key, and what its provider says back of them: in headers, messages
 * and ids, and, where it may change what is told of the answer, in every name that it has.
 */
final class Planting {
    private static final String[] FINISHES = {
        "\"finish_reason\":\"stop\"", "\"stop_reason\":\"end_turn\"", "\"finishReason\":\"STOP\""
    };
    private static final String[] TEXTS = {
        "\"message\":\"", "\"message\": \"", "\"detail\":\"", "\"msg\":\"", "\"error\":\"", "<title>"
    };
    private static final String[] IDS = {"chatcmpl-1", "msg_1", "\"r1", "req_"};
    private static final String[] NAMES = {
        "\"model\":\"gpt-4o",
        "\"model\":\"claude-sonnet-4-5",
        "\"modelVersion\":\"",
        "\"code\":\"",
        "\"status\":\"",
        "_error",
        "\"provider_name\":\"",
        "\"quotaId\":\""
    };
    private static final long LARGE = 1 << 20;

    private final Random random;
    private final boolean everywhere;
    private final String key;
    private final String prompt;
    private final Map<String, String> replacements = new LinkedHashMap<>();
    private volatile boolean keySent;
    private volatile boolean promptSent;

    /** Plants in the texts of answers, and in all their names as well or not. */
    Planting(long seed, boolean everywhere) {
        this.random = new Random(seed);
        this.everywhere = everywhere;
        // Nothing in it is that of another trial.
        this.key = "sk-" + randomHex();
        this.prompt = randomWords();
        for (String text : TEXTS) {
            replacements.put(text, text + text() + " ");
        }
        for (String id : IDS) {
            replacements.put(id, id + "-" + id());
        }
        if (everywhere) {
            for (String name : NAMES) {
                replacements.put(name, name + "-" + id());
            }
            for (String finish : FINISHES) {
                replacements.put(finish, finish.substring(0, finish.length() - 1) + "-" + id() + "\"");
            }
            replacements.put("\"param\":null", "\"param\":\"" + text() + "\"");
            replacements.put("\"name\":\"weather\"", "\"name\":\"" + id() + "\"");
        }
    }

    private String randomHex() {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }

    // Of no language, so that nobody else has said them.
    private String randomWords() {
        StringBuilder words = new StringBuilder();
        for (int i = 1; i <= 18; i++) {
            words.append("bdfgklmnprstvz".charAt(random.nextInt(14))).append("aeiou".charAt(random.nextInt(5)));
            words.append(i % 3 == 0 && i < 18 ? " " : "");
        }
        return words.toString();
    }

    private String secret() {
        return random.nextBoolean() ? key : prompt;
    }

    private String text() {
        String secret = secret();
        return switch (random.nextInt(10)) {
            case 0 -> URLEncoder.encode(secret, UTF_8);
            case 1 -> secret.replace(" ", "%20");
            case 2 -> ByteString.encodeUtf8(secret).base64();
            case 3 -> ByteString.encodeUtf8(secret).base64Url();
            case 4 -> ByteString.encodeUtf8(secret).hex();
            case 5 -> secret.toUpperCase(Locale.ROOT);
            case 6 -> secret.replace(' ', '-');
            case 7 -> secret.substring(2, 26);
            case 8 -> escaped(secret);
            default -> secret;
        };
    }

    // As JSON may, in which every echo in a body stands.
    private static String escaped(String secret) {
        StringBuilder escaped = new StringBuilder();
        secret.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        return escaped.toString();
    }

    // Of a key all of it: a part of one is as random as an id.
    private String id() {
        String secret = secret();
        return switch (random.nextInt(6)) {
            case 0 -> secret.replace(' ', '+');
            case 1 -> secret.replace(' ', '_');
            case 2 -> ByteString.encodeUtf8(secret).base64Url().replace("=", "");
            case 3 -> ByteString.encodeUtf8(secret).hex();
            case 4 -> prompt.substring(0, 26).replace(' ', '-');
            default -> secret.replace(' ', '-');
        };
    }

    /** Returns the texts that were sent, each of which must be nowhere. */
    List<String> sent() {
        List<String> sent = new ArrayList<>();
        if (keySent) {
            sent.add(key);
        }
        if (promptSent) {
            sent.add(prompt);
        }
        return sent;
    }

    /** Says whether names were planted in, too, so that the answer may mean something else. */
    boolean isEverywhere() {
        return everywhere;
    }

    /** Returns the body of an answer with what is said back. */
    String echo(String body) {
        String echoing = body;
        for (Map.Entry<String, String> each : replacements.entrySet()) {
            echoing = echoing.replace(each.getKey(), each.getValue());
        }
        return echoing;
    }

    /** Returns a reply with what is said back. */
    Reply echo(Reply reply) {
        Reply echoing = reply;
        for (Map.Entry<String, String> each : replacements.entrySet()) {
            echoing = echoing.replace(each.getKey(), each.getValue());
        }
        try {
            return everywhere ? inEachHeader(inHeaders(echoing)) : inHeaders(echoing);
        } catch (IllegalStateException e) {
            // It has no head.
            return echoing;
        }
    }

    private Reply inHeaders(Reply reply) {
        return reply.header("x-request-id", "req_" + id())
                .header("request-id", id())
                .header("Via", text().replace("\\", ""))
                .header("X-Cache", secret())
                .header("openai-version", id())
                .header("X-Own", secret());
    }

    private Reply inEachHeader(Reply reply) {
        return reply.header("Server", secret())
                .header("cf-ray", id())
                .header("WWW-Authenticate", secret())
                .header("x-ratelimit-reset-requests", secret())
                .header("x-ratelimit-remaining-" + prompt.replace(' ', '-'), "1")
                .header("x-amzn-ErrorType", id())
                .header("Retry-After", secret())
                .header("Content-Type", "text/html; said=" + id());
    }

    /** Returns what sends them in place of the laboratory's own. */
    Interceptor disguise() {
        return chain -> chain.proceed(disguised(chain.request()));
    }

    private Request disguised(Request request) throws IOException {
        Request.Builder disguised = request.newBuilder();
        for (String name : request.headers().names()) {
            String value = String.valueOf(request.header(name));
            if (value.contains("test-key")) {
                disguised.header(name, value.replace("test-key", key));
                keySent = true;
            }
        }
        RequestBody body = request.body();
        if (body != null && body.contentLength() < LARGE) {
            Buffer written = new Buffer();
            body.writeTo(written);
            String plain = written.readUtf8();
            String said = plain.replace("Why is the sky blue?", prompt).replace("Why?", prompt);
            promptSent |= !said.equals(plain);
            disguised.method(request.method(), RequestBody.create(said, body.contentType()));
        }
        return disguised.build();
    }

    @Override
    public String toString() {
        return "planting " + (everywhere ? "everywhere" : "in texts");
    }
}
