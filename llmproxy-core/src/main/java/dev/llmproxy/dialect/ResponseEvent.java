package dev.llmproxy.dialect;

import org.jspecify.annotations.Nullable;

/** The events of OpenAI's responses that say how an answer is built. There are others, and new ones come. */
enum ResponseEvent {
    // The most frequent ones first.
    TEXT_DELTA("response.output_text.delta", Step.DELTA, Place.CONTENT),
    ARGUMENTS_DELTA("response.function_call_arguments.delta", Step.DELTA, Place.ARGUMENTS),
    SUMMARY_DELTA("response.reasoning_summary_text.delta", Step.DELTA, Place.SUMMARY),
    REASONING_DELTA("response.reasoning_text.delta", Step.DELTA, Place.CONTENT),
    REFUSAL_DELTA("response.refusal.delta", Step.DELTA, Place.CONTENT),
    CODE_DELTA("response.code_interpreter_call_code.delta", Step.DELTA, Place.ARGUMENTS),
    INPUT_DELTA("response.custom_tool_call_input.delta", Step.DELTA, Place.ARGUMENTS),
    MCP_DELTA("response.mcp_call_arguments.delta", Step.DELTA, Place.ARGUMENTS),
    DIFF_DELTA("response.apply_patch_call_operation_diff.delta", Step.DELTA, Place.ARGUMENTS),
    TEXT_DONE("response.output_text.done", Step.WHOLE, Place.CONTENT),
    ARGUMENTS_DONE("response.function_call_arguments.done", Step.WHOLE, Place.ARGUMENTS),
    SUMMARY_DONE("response.reasoning_summary_text.done", Step.WHOLE, Place.SUMMARY),
    REASONING_DONE("response.reasoning_text.done", Step.WHOLE, Place.CONTENT),
    REFUSAL_DONE("response.refusal.done", Step.WHOLE, Place.CONTENT),
    CODE_DONE("response.code_interpreter_call_code.done", Step.WHOLE, Place.ARGUMENTS),
    INPUT_DONE("response.custom_tool_call_input.done", Step.WHOLE, Place.ARGUMENTS),
    MCP_DONE("response.mcp_call_arguments.done", Step.WHOLE, Place.ARGUMENTS),
    DIFF_DONE("response.apply_patch_call_operation_diff.done", Step.WHOLE, Place.ARGUMENTS),
    PART_ADDED("response.content_part.added", Step.PART_BEGIN, Place.CONTENT),
    PART_DONE("response.content_part.done", Step.PART_END, Place.CONTENT),
    SUMMARY_PART_ADDED("response.reasoning_summary_part.added", Step.PART_BEGIN, Place.SUMMARY),
    SUMMARY_PART_DONE("response.reasoning_summary_part.done", Step.PART_END, Place.SUMMARY),
    ITEM_ADDED("response.output_item.added", Step.ITEM_BEGIN, Place.NONE),
    ITEM_DONE("response.output_item.done", Step.ITEM_END, Place.NONE),
    CREATED("response.created", Step.CREATED, Place.NONE),
    IN_PROGRESS("response.in_progress", Step.PROGRESS, Place.NONE),
    QUEUED("response.queued", Step.PROGRESS, Place.NONE),
    COMPLETED("response.completed", Step.END, Place.NONE),
    OVER("response.done", Step.END, Place.NONE),
    INCOMPLETE("response.incomplete", Step.END, Place.NONE),
    FAILED("response.failed", Step.END, Place.NONE),
    ERROR("error", Step.ERROR, Place.NONE);

    /** What an event does. */
    enum Step {
        DELTA,
        WHOLE,
        PART_BEGIN,
        PART_END,
        ITEM_BEGIN,
        ITEM_END,
        CREATED,
        PROGRESS,
        END,
        ERROR
    }

    /** Which text of an item an event is about. */
    enum Place {
        CONTENT,
        SUMMARY,
        ARGUMENTS,
        NONE
    }

    private static final ResponseEvent[] ALL = values();

    private final String type;
    private final Step step;
    private final Place place;

    ResponseEvent(String type, Step step, Place place) {
        this.type = type;
        this.step = step;
        this.place = place;
    }

    static @Nullable ResponseEvent of(WireText type) {
        for (ResponseEvent event : ALL) {
            if (type.is(event.type)) {
                return event;
            }
        }
        return null;
    }

    Step step() {
        return step;
    }

    Place place() {
        return place;
    }

    /** Says whether it brings text that is no answer yet. */
    boolean isReasoningText() {
        return this == SUMMARY_DELTA || this == SUMMARY_DONE || this == REASONING_DELTA || this == REASONING_DONE;
    }

    /** Says whether it is about an item, and not about the response. */
    boolean isOfItem() {
        return switch (step) {
            case CREATED, PROGRESS, END, ERROR -> false;
            default -> true;
        };
    }

    /** Says whether it writes out again what has come in pieces. */
    boolean isWrittenOut() {
        return step == Step.WHOLE || step == Step.PART_END || step == Step.ITEM_END;
    }

    /** Returns the type as it is written. */
    @Override
    public String toString() {
        return type;
    }
}
