package dev.llmproxy.integrity;

import dev.llmproxy.event.AnswerInfo;
import java.util.List;

/**
 * A whole answer as a {@link Check} sees it, whatever wire format it came in. Printing it shows no content.
 *
 * @param text the text for the reader, of all choices in their order
 * @param toolCalls the tools that the model calls
 * @param info what the answer says of itself: id, model, finish reason, usage
 * @param streamed whether it came as a stream
 */
public record Answer(String text, List<ToolCall> toolCalls, AnswerInfo info, boolean streamed) {
    /**
     * Copies the tool calls.
     *
     * @param text the text for the reader
     * @param toolCalls the tools that the model calls
     * @param info what the answer says of itself
     * @param streamed whether it came as a stream
     */
    public Answer {
        toolCalls = List.copyOf(toolCalls);
    }

    /**
     * Returns why the answer ended.
     *
     * @return the provider's word, empty where it gave none
     */
    public String finishReason() {
        return info.finishReason();
    }

    /** Returns the length of the text, the number of tool calls and the finish reason. */
    @Override
    public String toString() {
        return "Answer[" + text.length() + " characters, " + toolCalls.size() + " tool calls, " + info.finishReason()
                + "]";
    }

    /**
     * A tool that the model calls. Printing it shows no arguments.
     *
     * @param name the name of the tool
     * @param arguments the arguments as JSON text
     */
    public record ToolCall(String name, String arguments) {
        /** Returns the name and the length of the arguments. */
        @Override
        public String toString() {
            return name + "(" + arguments.length() + " characters)";
        }
    }
}
