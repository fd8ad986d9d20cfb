package dev.llmproxy.retry;

import com.squareup.moshi.JsonReader;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.chain.CallContext;
import java.io.IOException;
import java.util.Set;
import okio.Buffer;

/**
 * Whether a request leaves more behind at the provider than its answer: tools that run there, answers that are stored, work
 * in the background. Where that is in doubt it does.
 */
final class SideEffects {
    private static final Set<String> STATEFUL = Set.of(
            "background", "connectors", "container", "conversation", "mcp_servers", "plugins", "web_search_options");
    // What one description of a function consists of, whoever's format it is.
    private static final Set<String> OF_FUNCTIONS = Set.of(
            "cache_control",
            "cachePoint",
            "custom",
            "description",
            "format",
            "function",
            "functionDeclarations",
            "function_declarations",
            "input_schema",
            "name",
            "parameter_definitions",
            "parameters",
            "strict",
            "toolSpec");
    private static final Set<String> TYPES_OF_FUNCTIONS = Set.of("custom", "function");
    private static final String STORING = "openai-responses";

    private SideEffects() {}

    static boolean of(CallContext call, LlmRequest request) {
        boolean stores = call.info().dialect().orElse("").equals(STORING);
        LlmBody body = request.body().orElse(null);
        if (body == null) {
            return stores;
        }
        try (JsonReader reader = JsonReader.of(new Buffer().write(body.bytes()))) {
            return inBody(reader, stores);
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    private static boolean inBody(JsonReader reader, boolean storesByItself) throws IOException {
        boolean stores = storesByItself;
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (name.equals("store")) {
                stores = isSet(reader);
            } else if (leavesSomething(name, reader)) {
                return true;
            }
        }
        return stores;
    }

    private static boolean leavesSomething(String name, JsonReader reader) throws IOException {
        return switch (name) {
            case "tools" -> runsTools(reader);
            case "toolConfig" -> runsToolsIn(reader); // Bedrock; Gemini has another one of that name
            default -> {
                if (STATEFUL.contains(name)) {
                    yield isSet(reader);
                }
                reader.skipValue();
                yield false;
            }
        };
    }

    private static boolean runsToolsIn(JsonReader reader) throws IOException {
        reader.beginObject();
        while (reader.hasNext()) {
            if (!reader.nextName().equals("tools")) {
                reader.skipValue();
            } else if (runsTools(reader)) {
                return true;
            }
        }
        reader.endObject();
        return false;
    }

    private static boolean isSet(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BOOLEAN -> reader.nextBoolean();
            case NULL -> reader.nextNull() != null;
            default -> {
                reader.skipValue();
                yield true;
            }
        };
    }

    private static boolean runsTools(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.NULL) {
            return isSet(reader);
        }
        reader.beginArray();
        while (reader.hasNext()) {
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (name.equals("type") ? !isFunction(reader) : !OF_FUNCTIONS.contains(name)) {
                    return true;
                }
                if (!name.equals("type")) {
                    reader.skipValue();
                }
            }
            reader.endObject();
        }
        reader.endArray();
        return false;
    }

    private static boolean isFunction(JsonReader reader) throws IOException {
        return reader.peek() == JsonReader.Token.STRING && TYPES_OF_FUNCTIONS.contains(reader.nextString());
    }
}
