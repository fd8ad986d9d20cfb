package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each entry of the tables decides alone: none is hidden behind another rule, and without it the verdict is another. */
class SignTest {
    /** One entry, at a status where it is looked for. */
    record Entry(FaultCause cause, int status, String text) {
        Fault asName() {
            return named(text);
        }

        Fault withoutName() {
            return named("something");
        }

        private Fault named(String name) {
            return fault("{\"error\":{\"code\":\"" + name + "\",\"message\":\"x\"}}");
        }

        Fault asPhrase() {
            return saying(text);
        }

        Fault withoutPhrase() {
            return saying("something");
        }

        private Fault saying(String phrase) {
            return fault("{\"error\":{\"message\":\"Sorry: " + phrase.replace("\"", "\\\"") + " 7\"}}");
        }

        private Fault fault(String body) {
            return RefusedCall.by("local").with(status, body).fault();
        }
    }

    static Stream<Entry> names() {
        return entries(Sign::names);
    }

    static Stream<Entry> phrases() {
        return entries(Sign::phrases);
    }

    private static Stream<Entry> entries(Function<Sign, List<String>> texts) {
        return Stream.of(
                        entries(403, AuthenticationRules.SIGNS, texts),
                        entries(429, List.of(LimitRules.RENEWED, LimitRules.QUOTA), texts),
                        entries(429, LimitRules.RATES, texts),
                        entries(400, ContextRules.SIGNS, texts),
                        entries(404, EndpointRules.SIGNS, texts),
                        entries(400, RequestRules.SIGNS, texts),
                        entries(503, ProviderRules.SIGNS, texts))
                .flatMap(Function.identity());
    }

    private static Stream<Entry> entries(int status, List<Sign> signs, Function<Sign, List<String>> texts) {
        return signs.stream()
                .flatMap(sign -> texts.apply(sign).stream().map(text -> new Entry(sign.cause(), status, text)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameDecides(Entry entry) {
        assertDecided(entry.cause, entry.asName(), entry.withoutName());
    }

    @ParameterizedTest
    @MethodSource("phrases")
    void aPhraseDecides(Entry entry) {
        assertDecided(entry.cause, entry.asPhrase(), entry.withoutPhrase());
    }

    private static void assertDecided(FaultCause expected, Fault with, Fault without) {
        assertThat(with.cause()).isEqualTo(expected);
        if (without.cause() == expected) {
            assertThat(without.confidence()).isLessThan(with.confidence());
        }
    }

    // The wording of the tables is that of lower case messages.
    @ParameterizedTest
    @MethodSource("phrases")
    void phrasesAreInLowerCase(Entry entry) {
        assertThat(entry.text).isEqualTo(entry.text.toLowerCase(Locale.ROOT));
    }
}
