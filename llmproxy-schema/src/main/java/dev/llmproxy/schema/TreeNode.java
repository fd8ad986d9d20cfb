package dev.llmproxy.schema;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SimpleType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a tree, as the validator sees it. Each look at it is paid for, so that no schema takes forever. */
final class TreeNode implements JsonNode {
    private final Object value;
    private final String pointer;
    private final Effort effort;
    private @Nullable List<JsonNode> elements;
    private @Nullable Map<String, JsonNode> members;

    TreeNode(Object value, String pointer, Effort effort) {
        this.value = value;
        this.pointer = pointer;
        this.effort = effort;
    }

    @Override
    public String getJsonPointer() {
        return pointer;
    }

    @Override
    public SimpleType getNodeType() {
        effort.spend();
        if (value instanceof Map) {
            return SimpleType.OBJECT;
        } else if (value instanceof List) {
            return SimpleType.ARRAY;
        } else if (value instanceof String) {
            return SimpleType.STRING;
        } else if (value instanceof Boolean) {
            return SimpleType.BOOLEAN;
        } else if (value instanceof BigDecimal number) {
            return number.scale() <= 0 ? SimpleType.INTEGER : SimpleType.NUMBER;
        }
        return SimpleType.NULL;
    }

    @Override
    public boolean asBoolean() {
        return (Boolean) value;
    }

    @Override
    public String asString() {
        return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
    }

    @Override
    public BigInteger asInteger() {
        return asNumber().toBigInteger();
    }

    @Override
    public BigDecimal asNumber() {
        return (BigDecimal) value;
    }

    @Override
    public List<JsonNode> asArray() {
        effort.spend();
        if (elements == null) {
            elements = new ArrayList<>();
            for (Object element : (List<?>) value) {
                elements.add(new TreeNode(element, pointer + "/" + elements.size(), effort));
            }
        }
        return elements;
    }

    @Override
    public Map<String, JsonNode> asObject() {
        effort.spend();
        if (members == null) {
            members = new LinkedHashMap<>();
            for (Map.Entry<?, ?> member : ((Map<?, ?>) value).entrySet()) {
                String name = (String) member.getKey();
                String place = pointer + "/" + JsonNode.encodeJsonPointer(name);
                members.put(name, new TreeNode(member.getValue(), place, effort));
            }
        }
        return members;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        effort.spend();
        return other instanceof TreeNode node && value.equals(node.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Returns nothing of the value. */
    @Override
    public String toPrintableString() {
        return "value";
    }

    /** Returns the place. */
    @Override
    public String toString() {
        return pointer;
    }
}
