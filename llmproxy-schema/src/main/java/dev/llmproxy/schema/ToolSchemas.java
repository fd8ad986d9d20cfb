package dev.llmproxy.schema;

import dev.llmproxy.call.LlmRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** The schemas of the tools that requests offer, read once for each text of a list of tools. Thread-safe. */
final class ToolSchemas {
    private static final Set<String> MEMBERS = Set.of("tools", "functions", "toolConfig");

    private final Kept<Boolean, Map<String, Optional<CompiledSchema>>> known = new Kept<>(tools -> 1 + tools.size());

    /** The tools of one request. */
    record Offer(List<Map<String, Optional<CompiledSchema>>> lists) {
        static final Offer NOTHING = new Offer(List.of());

        /** Returns the schema of a tool's arguments, or null where there is none that can be used. */
        @Nullable
        CompiledSchema of(String tool) {
            for (Map<String, Optional<CompiledSchema>> list : lists) {
                Optional<CompiledSchema> schema = list.get(tool);
                if (schema != null) {
                    return schema.orElse(null);
                }
            }
            return null;
        }
    }

    /** Returns what a request offers. Reads its body. */
    Offer of(LlmRequest request) {
        boolean openApi = Demands.dialectOf(request).equals("gemini");
        List<Map<String, Optional<CompiledSchema>>> lists = new ArrayList<>();
        for (ByteString json : RequestJson.members(request, MEMBERS).values()) {
            lists.add(known.of(openApi, json, text -> read(text, openApi)));
        }
        return new Offer(lists);
    }

    private static Map<String, Optional<CompiledSchema>> read(ByteString json, boolean openApi) {
        Map<String, Optional<CompiledSchema>> schemas = new LinkedHashMap<>();
        try {
            Object tree = JsonTree.read(new Buffer().write(json));
            tools(tree instanceof Map<?, ?> config ? config.get("tools") : tree, openApi, schemas);
        } catch (IOException | UnusableException e) {
            return Map.of();
        }
        return schemas;
    }

    private static void tools(@Nullable Object tools, boolean openApi, Map<String, Optional<CompiledSchema>> schemas) {
        for (Object tool : tools instanceof List<?> list ? list : List.of()) {
            if (tool instanceof Map<?, ?> map) {
                tool(map, openApi, schemas);
            }
        }
    }

    private static void tool(Map<?, ?> tool, boolean openApi, Map<String, Optional<CompiledSchema>> schemas) {
        for (String inner : new String[] {"function", "toolSpec"}) {
            if (tool.get(inner) instanceof Map<?, ?> described) {
                tool(described, openApi, schemas);
                return;
            }
        }
        // Of Gemini, and of a namespace of OpenAI's responses.
        for (String several : new String[] {"functionDeclarations", "function_declarations", "tools"}) {
            tools(tool.get(several), openApi, schemas);
        }
        if (tool.get("name") instanceof String name) {
            schemas.put(name, schema(tool, openApi));
        }
    }

    private static Optional<CompiledSchema> schema(Map<?, ?> tool, boolean openApi) {
        for (String member : new String[] {"input_schema", "parametersJsonSchema", "parameters_json_schema"}) {
            if (tool.get(member) instanceof Map<?, ?> schema) {
                return compiled(schema, false);
            }
        }
        if (tool.get("inputSchema") instanceof Map<?, ?> of && of.get("json") instanceof Map<?, ?> schema) {
            return compiled(schema, false); // Bedrock
        }
        return tool.get("parameters") instanceof Map<?, ?> schema ? compiled(schema, openApi) : Optional.empty();
    }

    private static Optional<CompiledSchema> compiled(Map<?, ?> schema, boolean openApi) {
        try {
            return Optional.of(CompiledSchema.of(schema, openApi));
        } catch (UnusableException e) {
            return Optional.empty();
        }
    }
}
