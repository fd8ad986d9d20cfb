package dev.llmproxy.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.concurrent.atomic.AtomicReference;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                "{\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"string\"},{}]},\"b\":{\"$ref\":\"#/properties/a/anyOf/0\"}}}"
                        + "|{\"b\":1}|/b breaks type",
                "{\"$schema\":\"https://json-schema.org/draft/2019-09/schema\",\"type\":\"string\"}|1|the whole breaks type",
                "{\"additionalProperties\":{\"type\":\"string\"}}|{\"jo@example.com\":1}|/* breaks type",
                "{\"pattern\":\"^(a+)+$\"}|\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"|null",
                "{\"patternProperties\":{\"^x\":{}},\"additionalProperties\":false}|{\"y\":1}|null",
                "{\"$defs\":{\"a b\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/a%20b\"}|1|the whole breaks type",
                "{\"$defs\":{\"List<int>\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/List%3Cint%3E\"}|1|the whole breaks type",
                "{\"$defs\":{\"List<int>\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/List<int>\"}|1|the whole breaks type",
                "{\"$defs\":{\"a/b~c\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/a~1b~0c\"}|1|the whole breaks type",
                "{\"$defs\":{\"größe\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/gr%C3%B6%C3%9Fe\"}|1|the whole breaks type",
                "{\"$defs\":{\"größe\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/größe\"}|1|the whole breaks type",
                "{\"maxLength\":1}|\"😀\"|null",
                "{\"minLength\":2}|\"😀\"|the whole breaks minLength",
                "{\"multipleOf\":0.01}|4.35|null",
                "{\"multipleOf\":0.1}|1e-2|the whole breaks multipleOf",
                "{\"anyOf\":[{\"properties\":{\"a\":{}}}],\"unevaluatedProperties\":false}|{\"a\":1,\"b\":2}|/* breaks schema",
                "{\"$id\":\"https://example.com/a\",\"$ref\":\"#/$defs/s\",\"$defs\":{\"s\":{\"type\":\"string\"}}}|1|the whole breaks type",
                "{\"properties\":{\"$id\":{\"type\":\"string\"},\"pattern\":{\"type\":\"string\"}}}|{\"pattern\":1}|/pattern breaks type",
                "{\"const\":{\"pattern\":\"x\",\"$id\":1}}|{\"pattern\":\"x\",\"$id\":1}|null",
                "{\"minimum\":9007199254740993}|9007199254740992|the whole breaks minimum",
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
                "{\"allOf\":[{\"$ref\":\"#/allOf/1\"}]}|a reference to nothing",
                "{\"$ref\":\"#anchor\",\"$defs\":{\"a\":{\"$anchor\":\"anchor\"}}}|a reference to nothing",
                "{\"not\":{\"pattern\":\"a\"}}|patterns beside not, if, oneOf or unevaluated",
                "{\"$ref\":\"#items\",\"items\":{\"type\":\"string\"}}|a reference to nothing",
                "{\"$ref\":\"#/$defs/%zz\",\"$defs\":{\"%zz\":{}}}|a reference to nothing",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$id\":\"a\",\"$ref\":\"#/$defs/b\",\"$defs\":{\"b\":{}}},\"b\":{\"type\":\"string\"}}}"
                        + "|an $id inside, which changes what references mean",
                "{\"multipleOf\":0}|it is no JSON schema",
                "{\"minLength\":1e999}|a number with an exponent of over 400",
            })
    void schemasThatCannotBeUsedAreRefused(String schema, String reason) {
        assertThatThrownBy(() -> compile(schema))
                .isInstanceOf(UnusableException.class)
                .hasMessage(reason);
    }

    // How deep a stack goes is up to the compiler of the moment: the answer must not be.
    @ParameterizedTest
    @ValueSource(ints = {512, 64 << 10})
    void aSchemaWithoutEndIsGivenUp(int kilobytes) throws Exception {
        CompiledSchema endless = compile("{\"$ref\":\"#\"}");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                null, () -> thrown.set(catchThrowable(() -> endless.violationOf("x"))), "deep", kilobytes * 1024L);
        thread.start();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(UnusableException.class).hasMessage("it has no end");
    }

    @Test
    void aSchemaOfATreeIsFollowedToItsLeaves() throws IOException {
        String schema =
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/c\"},"
                        + "\"c\":{\"properties\":{\"n\":{\"$ref\":\"#/$defs/a\"},\"v\":{\"type\":\"string\"}}}}}";
        String start = "{\"n\":".repeat(JsonTree.MAX_DEPTH - 1);
        String end = "}".repeat(JsonTree.MAX_DEPTH - 1);
        assertThat(found(schema, start + "{\"v\":\"x\"}" + end)).isEqualTo("null");
        assertThat(found(schema, start + "{\"v\":1}" + end)).endsWith("/v breaks type");
    }

    private static String branching(String keyword, String root) {
        StringBuilder schema = new StringBuilder("{" + root + ",\"$defs\":{");
        for (int i = 0; i < 40; i++) {
            String next = "{\"$ref\":\"#/$defs/n" + (i + 1) + "\"}";
            schema.append("\"n" + i + "\":{\"" + keyword + "\":[" + next + "," + next + "]},");
        }
        return schema + "\"n40\":{\"type\":\"string\"}}}";
    }

    @ParameterizedTest
    @CsvSource({"allOf,x", "anyOf,1", "oneOf,x"})
    void aSchemaThatTakesForeverIsGivenUp(String keyword, String value) throws IOException {
        CompiledSchema slow = compile(branching(keyword, "\"$ref\":\"#/$defs/n0\""));
        Object tree = value.equals("1") ? BigDecimal.ONE : value;
        long before = allocated();
        assertThatThrownBy(() -> slow.violationOf(tree))
                .isInstanceOf(UnusableException.class)
                .hasMessage("too costly");
        // The validator keeps what it has found on all its ways.
        assertThat(allocated() - before).isLessThan(256L << 20);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void namesArePaidForLikeValues() throws IOException {
        CompiledSchema slow = compile(branching("allOf", "\"propertyNames\":{\"$ref\":\"#/$defs/n0\"}"));
        assertThatThrownBy(() -> slow.violationOf(tree("{\"a\":1}")))
                .isInstanceOf(UnusableException.class)
                .hasMessage("too costly");
    }

    @Test
    void whatManyValuesComeToIsNoMoreThanTheyAreWorth() throws IOException {
        String item = "{\"name\":\"a\",\"tags\":[\"b\",\"c\"],\"price\":1}";
        String schema =
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/item\"},\"$defs\":{\"item\":{\"type\":\"object\","
                        + "\"properties\":{\"name\":{\"type\":\"string\"},\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                        + "\"price\":{\"type\":\"number\"}},\"required\":[\"name\",\"tags\",\"price\"],\"additionalProperties\":false}}}";
        assertThat(found(schema, "[" + (item + ",").repeat(9_999) + item + "]")).isEqualTo("null");
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
