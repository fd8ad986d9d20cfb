package dev.llmproxy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompiledSchemaTest {
    private static Object tree(String json) throws IOException {
        return JsonTree.read(new Buffer().writeUtf8(json));
    }

    private static CompiledSchema compile(String schema) throws IOException {
        return CompiledSchema.of(tree(schema), false);
    }

    private static String found(String schema, String value) throws IOException {
        return String.valueOf(compile(schema).violationOf(tree(value)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"integer\"}|1.0|null",
                "{\"type\":\"integer\"}|1.5|the whole breaks type",
                "{\"const\":10}|1e1|null",
                "{\"enum\":[\"a\",{\"b\":1}]}|{\"b\":1.00}|null",
                "{\"enum\":[\"a\"]}|\"b\"|the whole breaks enum",
                "{\"properties\":{\"a\":{\"items\":{\"minimum\":3}}}}|{\"a\":[3,2]}|/a/1 breaks minimum",
                "{\"type\":[\"string\",\"null\"]}|null|null",
                "{\"uniqueItems\":true}|[1,1.0]|the whole breaks uniqueItems",
                "{\"$defs\":{\"n\":{\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"},\"v\":{\"type\":\"string\"}}}},"
                        + "\"$ref\":\"#/$defs/n\"}|{\"next\":{\"next\":{\"v\":1}}}|/next/next/v breaks type",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"items\":[{\"type\":\"string\"}]}|[1]|/0 breaks type",
                "{\"$schema\":\"https://example.com/own\",\"type\":\"string\"}|1|the whole breaks type",
                "{\"required\":[\"a\"]}|{}|the whole breaks required",
                "{\"additionalProperties\":{\"type\":\"string\"}}|{\"jo@example.com\":1}|/* breaks type",
                "{\"pattern\":\"^(a+)+$\"}|\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"|null",
                "{\"patternProperties\":{\"^x\":{}},\"additionalProperties\":false}|{\"y\":1}|null",
            })
    void valuesAreHeldAgainstTheSchema(String schema, String value, String expected) throws IOException {
        assertThat(found(schema, value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"$ref\":\"https://example.com/schema\"}|a reference to another place",
                "{\"properties\":{\"a\":{\"$dynamicRef\":\"other.json\"}}}|a reference to another place",
                "{\"type\":5}|it is no JSON schema",
                "{\"$ref\":\"#/$defs/gone\"}|a reference to nothing",
                "{\"$ref\":\"#anchor\",\"$defs\":{\"a\":{\"$anchor\":\"anchor\"}}}|a reference to nothing",
                "{\"not\":{\"pattern\":\"a\"}}|patterns beside not, if, oneOf or unevaluated",
                "{\"minLength\":1e999}|a number with an exponent of over 400",
            })
    void schemasThatCannotBeUsedAreRefused(String schema, String reason) {
        assertThatThrownBy(() -> compile(schema))
                .isInstanceOf(UnusableException.class)
                .hasMessage(reason);
    }

    @Test
    void aSchemaWithoutEndIsGivenUp() throws IOException {
        CompiledSchema endless = compile("{\"$ref\":\"#\"}");
        assertThatThrownBy(() -> endless.violationOf("x"))
                .isInstanceOf(UnusableException.class)
                .hasMessage("it has no end");
    }

    @Test
    void aSchemaThatTakesForeverIsGivenUp() throws IOException {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/n0\",\"$defs\":{");
        for (int i = 0; i < 40; i++) {
            String next = "{\"$ref\":\"#/$defs/n" + (i + 1) + "\"}";
            schema.append("\"n" + i + "\":{\"allOf\":[" + next + "," + next + "]},");
        }
        CompiledSchema slow = compile(schema + "\"n40\":{\"type\":\"string\"}}}");
        assertThatThrownBy(() -> slow.violationOf("x"))
                .isInstanceOf(UnusableException.class)
                .hasMessage("too costly");
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> tree("[".repeat(150) + "]".repeat(150)))
                .isInstanceOf(UnusableException.class)
                .hasMessage("nested deeper than 100");
        assertThatThrownBy(() -> tree("{} {}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> tree("")).isInstanceOf(IOException.class);
    }
}
