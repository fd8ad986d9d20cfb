package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cuts the arguments of tool calls, in answers that are whole in all else. */
final class ToolKinds {
    // Where they are a text: a string that is read to its closing quote.
    private static final Pattern ARGUMENTS =
            Pattern.compile("\"(?:arguments|partial_json|input)\":\\s*\"((?:[^\"\\\\]|\\\\.)+)\"");

    private ToolKinds() {}

    static List<Kind> all() {
        return List.of(new Kind(
                "tool arguments cut",
                Set.of(FaultCause.BAD_TOOL_ARGUMENTS, FaultCause.STREAM_DISORDERED),
                ToolKinds::cut));
    }

    private static byte @Nullable [] cut(Recording recording, RandomGenerator chance) {
        String text = Plain.text(recording.body());
        if (text == null || recording.shape() == Shape.FRAMES) {
            return null;
        }
        List<MatchResult> found = new ArrayList<>();
        ARGUMENTS.matcher(text).results().forEach(found::add);
        if (found.isEmpty()) {
            return null;
        }
        MatchResult last = found.get(found.size() - 1 - chance.nextInt(Math.min(3, found.size())));
        int end = last.start(1) + chance.nextInt(last.end(1) - last.start(1));
        while (end > last.start(1) && text.charAt(end - 1) == '\\') {
            end--;
        }
        return (text.substring(0, end) + text.substring(last.end(1))).getBytes(StandardCharsets.UTF_8);
    }
}
