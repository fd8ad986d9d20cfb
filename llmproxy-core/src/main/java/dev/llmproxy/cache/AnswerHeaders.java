package dev.llmproxy.cache;

import dev.llmproxy.cache.HeaderRoles.Kind;
import dev.llmproxy.call.LlmHeaders;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers of a request that change what is answered: versions, accounts whose models these are, and routes. */
final class AnswerHeaders {
    private static final String[] NAMES = {
        "anthropic-version",
        "anthropic-beta",
        "openai-beta",
        "openai-organization",
        "openai-project",
        "x-goog-user-project",
        "azureml-model-deployment",
        "extra-parameters", // Azure: what becomes of members that are not known
        "accept-encoding" // set by the application, it is the application that decodes
    };
    // Of gateways, which choose by them who answers and what is added; and of hosts that keep files, or run tools.
    private static final String[] PREFIXES = {
        "x-portkey-",
        "helicone-",
        "cf-aig-",
        "x-litellm-",
        "x-bf-",
        "x-ai-eg-",
        "x-amzn-bedrock-",
        "x-dashscope-",
        "nvcf-"
    };
    private static final String[] STREAMS = {"event-stream", "ndjson", "eventstream"};

    private AnswerHeaders() {}

    /** Says whether a header is one of them, by its name in lower case. */
    static boolean isOne(String lower) {
        for (String known : NAMES) {
            if (known.equals(lower)) {
                return true;
            }
        }
        for (String prefix : PREFIXES) {
            if (lower.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Adds them in an order of their own; those of one name stay in theirs. */
    static void addTo(Fields fields, LlmHeaders headers, HeaderRoles roles) {
        List<Line> lines = linesOf(headers, roles);
        fields.add(lines == null ? 0 : lines.size());
        if (lines != null) {
            for (Line line : lines) {
                fields.add(line.name).add(line.value);
            }
        }
    }

    private static @Nullable List<Line> linesOf(LlmHeaders headers, HeaderRoles roles) {
        List<Line> lines = null;
        for (int i = 0, size = headers.size(); i < size; i++) {
            HeaderRoles.Role role = roles.of(headers.name(i));
            if (role.kind() == Kind.ANSWER || (role.kind() == Kind.ACCEPT && selectsStream(headers.value(i)))) {
                lines = lines == null ? new ArrayList<>() : lines;
                lines.add(new Line(role.name(), headers.value(i)));
            }
        }
        if (lines != null) {
            lines.sort(Comparator.comparing(Line::name));
        }
        return lines;
    }

    private static boolean selectsStream(String accepted) {
        String lower = accepted.toLowerCase(Locale.ROOT);
        for (String stream : STREAMS) {
            if (lower.contains(stream)) {
                return true;
            }
        }
        return false;
    }

    private record Line(String name, String value) {}
}
