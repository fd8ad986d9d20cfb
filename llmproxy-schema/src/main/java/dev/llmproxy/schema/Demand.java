package dev.llmproxy.schema;

import java.io.IOException;
import java.util.Map;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a request demands of the answer's text.
 *
 * @param kind whether it has to be JSON at all
 * @param strict whether the provider has promised it, so that an answer that breaks it is broken
 * @param schema what it is held against, or null
 * @param unusable why the schema is not used, empty where it is
 */
record Demand(Kind kind, boolean strict, @Nullable CompiledSchema schema, String unusable) {
    private static final Demand NOTHING = new Demand(Kind.NOTHING, false, null, "");

    /** How much is demanded. */
    enum Kind {
        NOTHING,
        JSON,
        OBJECT
    }

    /** Where a request says it. */
    enum Place {
        RESPONSE_FORMAT("response_format"),
        COHERE_RESPONSE_FORMAT("response_format"),
        TEXT("text"),
        GENERATION_CONFIG("generationConfig"),
        GENERATION_CONFIG_AGAIN("generation_config"),
        OUTPUT_FORMAT("output_format"),
        OUTPUT_CONFIG("output_config"),
        CONVERSE_OUTPUT_CONFIG("outputConfig"),
        FORMAT("format");

        private final String member;

        Place(String member) {
            this.member = member;
        }

        String member() {
            return member;
        }
    }

    static Demand nothing() {
        return NOTHING;
    }

    /** Reads a demand; what is none demands nothing. */
    static Demand of(Place place, ByteString json) {
        try {
            Object tree = JsonTree.read(new Buffer().write(json));
            return of(place, tree);
        } catch (IOException | UnusableException e) {
            return NOTHING;
        }
    }

    private static Demand of(Place place, Object tree) throws IOException {
        return switch (place) {
            case RESPONSE_FORMAT -> ofOpenAi(map(tree), map(map(tree).get("json_schema")));
            case COHERE_RESPONSE_FORMAT -> ofCohere(map(tree));
            case TEXT -> ofOpenAi(map(map(tree).get("format")), map(map(tree).get("format")));
            case GENERATION_CONFIG, GENERATION_CONFIG_AGAIN -> ofGemini(map(tree));
            case OUTPUT_FORMAT -> ofTyped(map(tree));
            case OUTPUT_CONFIG -> ofTyped(map(map(tree).get("format")));
            case CONVERSE_OUTPUT_CONFIG -> ofConverse(map(map(tree).get("textFormat")));
            case FORMAT -> ofOllama(tree);
        };
    }

    private static Demand ofOpenAi(Map<?, ?> format, Map<?, ?> named) {
        return switch (String.valueOf(format.get("type"))) {
            case "json_schema" -> held(named.get("schema"), Boolean.TRUE.equals(named.get("strict")), false);
            case "json_object" -> new Demand(Kind.OBJECT, true, null, "");
            default -> NOTHING;
        };
    }

    private static Demand ofCohere(Map<?, ?> format) {
        if (!"json_object".equals(format.get("type"))) {
            return NOTHING;
        }
        Object schema = format.containsKey("schema") ? format.get("schema") : format.get("json_schema");
        return schema instanceof Map ? held(schema, true, false) : new Demand(Kind.OBJECT, true, null, "");
    }

    // Anthropic.
    private static Demand ofTyped(Map<?, ?> format) {
        return "json_schema".equals(format.get("type")) ? held(format.get("schema"), true, false) : NOTHING;
    }

    // It has its schema as a text.
    private static Demand ofConverse(Map<?, ?> format) throws IOException {
        Object schema = map(map(format.get("structure")).get("jsonSchema")).get("schema");
        return "json_schema".equals(format.get("type")) && schema instanceof String text
                ? held(JsonTree.read(new Buffer().writeUtf8(text)), true, false)
                : NOTHING;
    }

    private static Demand ofGemini(Map<?, ?> config) {
        for (String name : new String[] {"responseJsonSchema", "response_json_schema"}) {
            if (config.get(name) instanceof Map<?, ?> schema) {
                return held(schema, true, false);
            }
        }
        Object type = config.containsKey("responseMimeType")
                ? config.get("responseMimeType")
                : config.get("response_mime_type");
        if (!"application/json".equals(type)) {
            return NOTHING; // text/x.enum has a schema, too, and its answer is no JSON.
        }
        Object schema =
                config.containsKey("responseSchema") ? config.get("responseSchema") : config.get("response_schema");
        return schema instanceof Map ? held(schema, true, true) : new Demand(Kind.JSON, true, null, "");
    }

    private static Demand ofOllama(Object format) {
        if (format.equals("json")) {
            return new Demand(Kind.JSON, true, null, "");
        }
        return format instanceof Map ? held(format, true, false) : NOTHING;
    }

    private static Demand held(@Nullable Object schema, boolean strict, boolean openApi) {
        if (!(schema instanceof Map)) {
            return NOTHING;
        }
        try {
            return new Demand(Kind.JSON, strict, CompiledSchema.of(schema, openApi), "");
        } catch (UnusableException e) {
            return new Demand(Kind.JSON, strict, null, e.reason());
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
