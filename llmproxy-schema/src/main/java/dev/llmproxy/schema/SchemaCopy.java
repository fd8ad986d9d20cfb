package dev.llmproxy.schema;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies a schema without what cannot be judged: patterns, which are regular expressions of another language and may take
 * forever, and names of other places. A copy only ever asks for less; a schema of which that is not certain is refused.
 */
final class SchemaCopy {
    private static final int MAX_NODES = 20_000;
    private static final Set<String> MAPS_OF_SCHEMAS =
            Set.of("properties", "$defs", "definitions", "dependentSchemas", "patternProperties");
    private static final Set<String> VALUES = Set.of("enum", "const", "default", "examples", "example", "required");
    // Where a part that asks for less makes the whole ask for more.
    private static final Set<String> REVERSING =
            Set.of("not", "if", "oneOf", "maxContains", "unevaluatedProperties", "unevaluatedItems");
    private static final Set<String> COUNTS =
            Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

    private final boolean openApi;
    private final Set<String> names = new HashSet<>();
    private final Set<String> references = new HashSet<>();
    private int nodes;
    private boolean weaker;
    private boolean reversing;
    private boolean idInside;

    /**
     * Begins a copy.
     *
     * @param openApi whether the schema is one of OpenAPI 3.0, as Gemini takes it
     */
    SchemaCopy(boolean openApi) {
        this.openApi = openApi;
    }

    /**
     * Copies a schema.
     *
     * @throws UnusableException if it cannot be used
     */
    Object of(Object schema) throws IOException {
        Object copy = schema(schema);
        for (String reference : references) {
            requireTarget(copy, reference);
        }
        if (idInside && !references.isEmpty()) {
            throw new UnusableException("an $id inside, which changes what references mean");
        }
        if (weaker && reversing) {
            throw new UnusableException("patterns beside not, if, oneOf or unevaluated");
        }
        return copy;
    }

    // A validator takes a reference that leads nowhere for a violation.
    private static void requireTarget(Object root, String reference) {
        String pointer = UriText.decoded(reference.substring(1));
        String[] steps = pointer == null ? new String[0] : pointer.split("/", -1);
        // What does not begin with a step is the name of an anchor.
        Object target = steps.length > 0 && steps[0].isEmpty() ? root : null;
        for (int i = 1; i < steps.length; i++) {
            String name = steps[i].replace("~1", "/").replace("~0", "~");
            target = target instanceof List<?> list ? element(list, name) : member(target, name);
        }
        if (!(target instanceof Map || target instanceof Boolean)) {
            throw new UnusableException("a reference to nothing");
        }
    }

    private static @Nullable Object member(@Nullable Object of, String name) {
        return of instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private static @Nullable Object element(List<?> of, String index) {
        return index.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(index) < of.size()
                ? of.get(Integer.parseInt(index))
                : null;
    }

    /** Returns the names of properties that the schema declares. */
    Set<String> names() {
        return names;
    }

    private Object schema(Object schema) throws IOException {
        nodes++;
        if (nodes > MAX_NODES) {
            throw new UnusableException("more than " + MAX_NODES + " parts");
        }
        if (schema instanceof List<?> list) {
            List<Object> copies = new ArrayList<>();
            for (Object each : list) {
                copies.add(schema(each));
            }
            return copies;
        }
        return schema instanceof Map<?, ?> map ? object(map) : schema;
    }

    private Map<String, Object> object(Map<?, ?> schema) throws IOException {
        Map<String, Object> copy = new LinkedHashMap<>();
        boolean patterned = schema.containsKey("patternProperties");
        weaker |= patterned || schema.get("pattern") instanceof String;
        idInside |= nodes > 1 && schema.get("$id") instanceof String;
        for (Map.Entry<?, ?> member : schema.entrySet()) {
            String name = (String) member.getKey();
            boolean dropped = (patterned && name.equals("additionalProperties"))
                    || name.equals("pattern")
                    || name.equals("patternProperties")
                    || name.equals("$id");
            if (!dropped) {
                reversing |= REVERSING.contains(name);
                copy.put(name, keyword(name, member.getValue()));
            }
        }
        if (!String.valueOf(copy.get("$schema")).contains("json-schema.org/draft")) {
            copy.remove("$schema");
        }
        return openApi ? fromOpenApi(copy) : copy;
    }

    private Object keyword(String name, Object value) throws IOException {
        if (name.endsWith("Ref") || name.equals("$ref")) {
            if (!(value instanceof String reference && reference.startsWith("#"))) {
                throw new UnusableException("a reference to another place");
            }
            references.add(reference);
            return value;
        }
        if (MAPS_OF_SCHEMAS.contains(name) && value instanceof Map<?, ?> map) {
            Map<String, Object> copies = new LinkedHashMap<>();
            for (Map.Entry<?, ?> each : map.entrySet()) {
                names.add((String) each.getKey());
                copies.put((String) each.getKey(), schema(each.getValue()));
            }
            return copies;
        }
        return VALUES.contains(name) ? value : schema(value);
    }

    private static Map<String, Object> fromOpenApi(Map<String, Object> schema) throws IOException {
        Object type = schema.get("type");
        if (type instanceof String name) {
            type = name.toLowerCase(Locale.ROOT);
            schema.put("type", type);
        }
        if ("type_unspecified".equals(type)) {
            schema.remove("type");
        }
        for (String count : COUNTS) {
            if (schema.get(count) instanceof String digits) {
                BigDecimal number = JsonTree.number(digits);
                schema.put(count, number);
            }
        }
        return Boolean.TRUE.equals(schema.get("nullable")) ? nullable(schema) : schema;
    }

    private static Map<String, Object> nullable(Map<String, Object> schema) {
        Map<String, Object> either = new LinkedHashMap<>();
        either.put("anyOf", List.of(schema, Map.of("type", "null")));
        return either;
    }
}
