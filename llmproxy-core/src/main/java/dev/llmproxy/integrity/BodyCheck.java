package dev.llmproxy.integrity;

import dev.llmproxy.call.BodyTooLargeException;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Looks at the body of a request, if it is to be JSON. */
final class BodyCheck {
    private static final String JSON = "application/json";

    private BodyCheck() {}

    /** Says whether a body is to be JSON, and tells what is odd about its type. */
    static boolean isJson(LlmRequest request, LlmBody body, Findings findings) {
        String encoding = request.headers().get("Content-Encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            findings.found(Rule.REQUEST_ENCODING, "the body is compressed, and was not looked at");
            return false;
        }
        // The type of the body is what an HTTP client sends, whatever a header says.
        String type = body.contentType()
                .or(() -> request.headers().get("Content-Type"))
                .orElse(null);
        if (type == null) {
            findings.found(Rule.REQUEST_ENCODING, "no Content-Type (expected: " + JSON + ")");
            return true;
        }
        return isPlainJson(type) || isJson(type, findings);
    }

    // As nearly all clients write it: what is the first to be asked is quickly answered.
    private static boolean isPlainJson(String type) {
        return type.startsWith(JSON) && (type.length() == JSON.length() || type.charAt(JSON.length()) == ';');
    }

    private static boolean isJson(String type, Findings findings) {
        int end = type.indexOf(';');
        String bare = (end < 0 ? type : type.substring(0, end)).strip();
        if (bare.equalsIgnoreCase(JSON) || bare.regionMatches(true, bare.length() - 5, "+json", 0, 5)) {
            return true;
        }
        if (!bare.regionMatches(true, 0, "multipart/", 0, 10)) {
            findings.found(Rule.REQUEST_ENCODING, "another Content-Type (expected: " + JSON + ")");
        }
        return false;
    }

    /** Reads a body and judges its length. Returns null for one that is too large to be kept, and is written straight through. */
    static @Nullable ByteString read(CallContext call, LlmRequest request, LlmBody body, Findings findings)
            throws LlmFaultException {
        ByteString bytes = bytesOf(call, body);
        if (bytes == null) {
            return null;
        }
        long declared = body.saidLength();
        if (declared >= 0 && declared != bytes.size()) {
            findings.found(
                    Rule.REQUEST_DIGEST,
                    Severity.ERROR,
                    "the body says that it has " + declared + " bytes, and has " + bytes.size());
        }
        SizeLimits.check(request.url().host(), bytes.size(), findings);
        return bytes;
    }

    private static @Nullable ByteString bytesOf(CallContext call, LlmBody body) throws LlmFaultException {
        if (!body.isOneShot() && isTooLarge(body)) {
            return null;
        }
        return call.read(body);
    }

    private static boolean isTooLarge(LlmBody body) {
        try {
            var unused = body.bytes();
            return false;
        } catch (BodyTooLargeException e) {
            return true;
        } catch (IOException e) {
            // Met again where it is told.
            return false;
        }
    }
}
