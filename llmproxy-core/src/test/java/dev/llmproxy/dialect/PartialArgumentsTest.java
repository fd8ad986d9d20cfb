package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialArgumentsTest {
    private final PartialArguments arguments = new PartialArguments();

    private void add(String path, String value) {
        arguments.add(("{'jsonPath':'" + path + "'," + value + "}").replace('\'', '"'));
    }

    private void assertJson(String json) {
        assertThat(arguments).hasToString(json.replace('\'', '"'));
    }

    @Test
    void noneAreAnEmptyObject() {
        assertJson("{}");
    }

    @Test
    void piecesOfAStringFollowEachOther() {
        add("$.city", "'stringValue':'San ','willContinue':true");
        add("$.unit", "'stringValue':'C'");
        add("$.city", "'stringValue':'Francisco','willContinue':true");
        add("$.city", "'stringValue':''");
        assertJson("{'city':'San Francisco','unit':'C'}");
    }

    @Test
    void valuesAreOfAnyKind() {
        add("$.a", "'numberValue':5");
        add("$.b", "'numberValue':-0.25");
        add("$.c", "'boolValue':true");
        add("$.d", "'nullValue':'NULL_VALUE'");
        add("$.e", "'nullValue':null");
        assertJson("{'a':5,'b':-0.25,'c':true,'d':null,'e':null}");
    }

    @Test
    void placesMayLieDeep() {
        add("$.stops[0].name", "'stringValue':'a'");
        add("$.stops[1].name", "'stringValue':'b'");
        add("$.stops[1].at", "'numberValue':2");
        add("$.grid[0][1]", "'numberValue':7");
        arguments.add("{\"jsonPath\":\"$['of day'].x\",\"boolValue\":false}");
        assertJson("{'stops':[{'name':'a'},{'name':'b','at':2}],'grid':[[null,7]],'of day':{'x':false}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$", "$.", "$.a[", "$..a", "$.a."})
    void whatIsNoPathIsAName(String path) {
        add(path, "'numberValue':1");
        assertJson("{'" + path + "':1}");
    }

    @Test
    void aFarElementFillsNoMemory() {
        add("$.a[99999999]", "'numberValue':1");
        add("$.b[65536]", "'numberValue':1");
        assertJson("{'a':{'99999999':1},'b':{'65536':1}}");
    }

    @Test
    void aPlaceThatIsTakenTwiceIsTheLastOnes() {
        add("$.a", "'numberValue':1");
        add("$.a.b", "'numberValue':2");
        add("$.a[0]", "'numberValue':3");
        assertJson("{'a':[3]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"jsonPath\":7}", "{\"stringValue\":\"a\"}", "{\"jsonPath\":\"$.a\"}"})
    void whatSaysNothingAddsNothing(String json) {
        arguments.add(json);
        assertJson("{}");
    }
}
