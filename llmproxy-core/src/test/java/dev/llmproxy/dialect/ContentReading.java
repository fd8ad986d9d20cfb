package dev.llmproxy.dialect;

import com.squareup.moshi.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** What an answer says, read from its whole JSON trees by their shapes: text, refusal, and calls as lists of three. */
final class ContentReading {
    final StringBuilder text = new StringBuilder();
    final StringBuilder refusal = new StringBuilder();
    private final Map<Object, Call> calls = new LinkedHashMap<>();
    private @Nullable Collection<?> output;
    private String cohereText = "";

    private static final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder text = new StringBuilder();
        private @Nullable Object tree;
    }

    static ContentReading of(List<Map<?, ?>> events) {
        ContentReading reading = new ContentReading();
        for (Map<?, ?> event : events) {
            reading.read(event);
        }
        if (reading.output != null) {
            reading.calls.clear();
            reading.output.forEach(item -> reading.item(map(item), false));
        }
        if (reading.text.isEmpty()) {
            reading.text.append(reading.cohereText);
        }
        return reading;
    }

    /** Returns id, name and the tree of the arguments of each call. */
    List<List<Object>> calls() throws IOException {
        List<List<Object>> all = new ArrayList<>();
        for (Call call : calls.values()) {
            Object arguments = call.tree == null || !call.text.isEmpty() ? tree(call.text.toString()) : call.tree;
            if (call.name.isEmpty()) {
                continue;
            }
            all.add(List.of(call.id, call.name, arguments));
        }
        return all;
    }

    static Object tree(String arguments) throws IOException {
        if (!arguments.strip().startsWith("{")) {
            return arguments;
        }
        Object tree = JsonReader.of(new Buffer().writeUtf8(arguments)).readJsonValue();
        return tree == null ? "" : tree;
    }

    private void read(Map<?, ?> event) {
        if (event.containsKey("choices")) {
            list(event.get("choices")).forEach(choice -> choice(map(choice)));
        } else if (event.containsKey("candidates")) {
            list(event.get("candidates")).forEach(candidate -> candidate(map(candidate)));
        } else if (event.get("type") instanceof String type && !type.equals("message")) {
            typed(type, event);
        } else if (event.containsKey("output") && event.get("output") instanceof List<?> items) {
            items.forEach(item -> item(map(item), true));
        } else if (event.containsKey("event_type")) {
            cohere1(event);
        } else if (event.containsKey("generation_id") || event.containsKey("response_id")) {
            text.append(string(event.get("text")));
            list(event.get("tool_calls")).forEach(call -> whole(map(call), "", "parameters"));
        } else if (event.containsKey("contentBlockDelta") || event.containsKey("contentBlockStart")) {
            converse(event);
        } else {
            other(event);
        }
    }

    private void other(Map<?, ?> event) {
        Map<?, ?> converse = map(map(event.get("output")).get("message"));
        Map<?, ?> message = map(event.get("message"));
        if (!converse.isEmpty()) {
            for (Object block : list(converse.get("content"))) {
                text.append(string(map(block).get("text")));
                for (Object cited : list(map(map(block).get("citationsContent")).get("content"))) {
                    text.append(string(map(cited).get("text")));
                }
                Map<?, ?> use = map(map(block).get("toolUse"));
                if (!use.isEmpty() && !isOfProvider(use)) {
                    whole(use, string(use.get("toolUseId")), "input");
                }
            }
        } else if (!message.isEmpty()) {
            content(message.get("content"));
            for (Object call : list(message.get("tool_calls"))) {
                whole(map(map(call).get("function")), string(map(call).get("id")), "arguments");
            }
        } else {
            for (String name : List.of("response", "generation", "outputText", "completion", "text")) {
                text.append(string(event.get(name)));
            }
            for (String name : List.of("results", "outputs", "generations", "completions")) {
                for (Object each : list(event.get(name))) {
                    text.append(string(map(each).get("text")));
                    text.append(string(map(each).get("outputText")));
                    text.append(string(map(map(each).get("data")).get("text")));
                }
            }
            list(event.get("content")).forEach(block -> block(map(block)));
        }
    }

    private void whole(Map<?, ?> call, String id, String arguments) {
        Call added = new Call();
        added.id = id;
        added.name = string(call.get("name"));
        if (call.get(arguments) instanceof String text) {
            added.text.append(text);
        } else {
            added.tree = call.get(arguments);
        }
        calls.put(calls.size() + " whole", added);
    }

    private void content(@Nullable Object content) {
        text.append(string(content));
        for (Object part : list(content)) {
            text.append(string(map(part).get("text")));
        }
    }

    private void choice(Map<?, ?> choice) {
        if (choice.get("index") instanceof Double index && index != 0) {
            return;
        }
        text.append(string(choice.get("text")));
        Map<?, ?> message = map(choice.get(choice.containsKey("message") ? "message" : "delta"));
        content(message.get("content"));
        refusal.append(string(message.get("refusal")));
        for (Object each : list(message.get("tool_calls"))) {
            fragment(map(each));
        }
        if (message.get("function_call") instanceof Map<?, ?> call) {
            fragment(Map.of("id", "", "function", call));
        }
    }

    private void fragment(Map<?, ?> fragment) {
        boolean isCustom =
                !string(map(fragment.get("custom")).get("name")).isEmpty() || !fragment.containsKey("function");
        Map<?, ?> function = map(fragment.get(isCustom ? "custom" : "function"));
        String id = string(fragment.get("id"));
        String name = string(function.get("name"));
        Object key = fragment.containsKey("index") ? fragment.get("index") : "call " + (calls.size() - 1);
        Call known = calls.get(key);
        boolean isNext = known != null && !name.isEmpty() && !id.isEmpty() && !id.equals(known.id);
        if (known == null || isNext || (!fragment.containsKey("index") && !name.isEmpty())) {
            key = fragment.containsKey("index") && !isNext ? key : "call " + calls.size();
        }
        Call call = calls.computeIfAbsent(key, unused -> new Call());
        call.id = call.id.isEmpty() ? id : call.id;
        call.name = call.name.isEmpty() ? name : call.name;
        call.text.append(string(function.get("arguments"))).append(string(function.get("input")));
    }

    private void candidate(Map<?, ?> candidate) {
        if (candidate.get("index") instanceof Double index && index != 0) {
            return;
        }
        for (Object each : list(map(candidate.get("content")).get("parts"))) {
            Map<?, ?> part = map(each);
            if (!Boolean.TRUE.equals(part.get("thought"))) {
                text.append(string(part.get("text")));
            }
            Map<?, ?> call = map(part.get("functionCall"));
            if (call.containsKey("name")) {
                whole(call, string(call.get("id")), "args");
            }
            list(call.get("partialArgs")).forEach(piece -> partial(map(piece)));
        }
    }

    // In the recordings all are strings at the top.
    private void partial(Map<?, ?> piece) {
        Call last = new ArrayList<>(calls.values()).get(calls.size() - 1);
        Map<Object, Object> arguments = new LinkedHashMap<>(map(last.tree));
        String name = string(piece.get("jsonPath")).substring("$.".length());
        arguments.put(name, string(arguments.get(name)) + string(piece.get("stringValue")));
        last.tree = arguments;
    }

    private void typed(String type, Map<?, ?> event) {
        Map<?, ?> delta = map(event.get("delta"));
        Map<?, ?> cohere = map(delta.get("message"));
        switch (type) {
            case "response.output_text.delta" -> text.append(string(event.get("delta")));
            case "response.refusal.delta" -> refusal.append(string(event.get("delta")));
            case "response.output_item.done" -> item(map(event.get("item")), false);
            case "response.completed", "response.incomplete" -> {
                List<?> items = list(map(event.get("response")).get("output"));
                output = items.isEmpty() ? output : items;
            }
            case "content_block_start" -> blockStart(event.get("index"), map(event.get("content_block")));
            case "content_block_delta" -> {
                text.append(string(delta.get("text")));
                Call call = calls.get(event.get("index"));
                if (call != null) {
                    call.text.append(string(delta.get("partial_json")));
                }
            }
            case "content-start", "content-delta" ->
                text.append(string(map(cohere.get("content")).get("text")));
            case "tool-call-start", "tool-call-delta" ->
                fragment(with(event.get("index"), map(cohere.get("tool_calls"))));
            default -> {}
        }
    }

    private static Map<?, ?> with(@Nullable Object index, Map<?, ?> call) {
        Map<Object, Object> all = new LinkedHashMap<>(call);
        all.put("index", index == null ? "" : index);
        return all;
    }

    private void blockStart(@Nullable Object index, Map<?, ?> block) {
        text.append(string(block.get("text")));
        if ("tool_use".equals(block.get("type"))) {
            Call call = new Call();
            call.id = string(block.get("id"));
            call.name = string(block.get("name"));
            call.tree = block.get("input");
            calls.put(Objects.requireNonNull(index), call);
        }
    }

    private void block(Map<?, ?> block) {
        text.append(string(block.get("text")));
        if ("tool_use".equals(block.get("type"))) {
            whole(block, string(block.get("id")), "input");
        }
    }

    private void item(Map<?, ?> item, boolean withText) {
        String type = string(item.get("type"));
        if (withText && type.equals("message")) {
            for (Object part : list(item.get("content"))) {
                text.append(string(map(part).get("text")));
                refusal.append(string(map(part).get("refusal")));
            }
        }
        if (type.equals("function_call") || type.equals("custom_tool_call")) {
            whole(item, string(item.get("call_id")), type.equals("function_call") ? "arguments" : "input");
        }
    }

    private void cohere1(Map<?, ?> event) {
        if ("stream-end".equals(event.get("event_type"))) {
            cohereText = string(map(event.get("response")).get("text"));
        } else {
            text.append(string(event.get("text")));
            list(event.get("tool_calls")).forEach(call -> whole(map(call), "", "parameters"));
        }
    }

    private static boolean isOfProvider(Map<?, ?> use) {
        return "server_tool_use".equals(use.get("type"));
    }

    private void converse(Map<?, ?> event) {
        Map<?, ?> start = map(event.get("contentBlockStart"));
        Map<?, ?> use = map(map(start.get("start")).get("toolUse"));
        if (!use.isEmpty() && !isOfProvider(use)) {
            Call call = new Call();
            call.id = string(use.get("toolUseId"));
            call.name = string(use.get("name"));
            calls.put("block " + start.get("contentBlockIndex"), call);
        }
        Map<?, ?> delta = map(event.get("contentBlockDelta"));
        text.append(string(map(delta.get("delta")).get("text")));
        Call call = calls.get("block " + delta.get("contentBlockIndex"));
        if (call != null) {
            call.text.append(string(map(map(delta.get("delta")).get("toolUse")).get("input")));
        }
    }

    private static String string(@Nullable Object value) {
        return value instanceof String string ? string : "";
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
