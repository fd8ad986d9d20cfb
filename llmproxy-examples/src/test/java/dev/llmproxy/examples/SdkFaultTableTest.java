package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OkHttpLlmProxy;
import dev.llmproxy.testing.ScriptedProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fault in every SDK over a wrapped client: none is silent, none hangs, and each has its cause. */
class SdkFaultTableTest {
    private static Map<SdkFault, Map<Sdk, Outcome>> played;

    @BeforeAll
    static void play() throws Exception {
        played = SdkFaultTable.played();
    }

    static Stream<Arguments> faults() {
        return cells().filter(cell -> !isPassing(cell));
    }

    static Stream<Arguments> passing() {
        return cells().filter(SdkFaultTableTest::isPassing);
    }

    private static Stream<Arguments> cells() {
        return SdkFault.all().stream().flatMap(fault -> Stream.of(Sdk.values()).map(sdk -> Arguments.of(fault, sdk)));
    }

    private static boolean isPassing(Arguments cell) {
        return ((SdkFault) cell.get()[0]).passing().contains((Sdk) cell.get()[1]);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("faults")
    void aFaultEndsTheCallAndIsNamed(SdkFault fault, Sdk sdk) {
        Outcome outcome = SdkFaultTable.outcome(played, fault, sdk);
        assertThat(outcome.end()).as(outcome.toString()).isIn(ends(fault, sdk));
        assertThat(outcome.told()).as(outcome.toString()).singleElement().satisfies(told -> {
            assertThat(told.cause()).as(told.explain()).isIn(fault.causes());
            assertThat(isNamed(outcome, told, sdk)).as(outcome.toString()).isTrue();
        });
        assertThat(Api.TEXT).as("what was heard before").startsWith(outcome.heard());
    }

    // The last event of Anthropic's streams comes before the checksum, and LangChain4j takes it for the end.
    private static List<Outcome.End> ends(SdkFault fault, Sdk sdk) {
        boolean late = fault.streamed()
                && fault.causes().contains(FaultCause.BAD_COMPRESSION)
                && sdk == Sdk.LANGCHAIN4J_ANTHROPIC;
        return late ? List.of(Outcome.End.ERROR, Outcome.End.TWO_ENDS) : List.of(Outcome.End.ERROR);
    }

    // An error status is the SDK's own exception. That of google-genai has no headers: listeners are told.
    private static boolean isNamed(Outcome outcome, Fault told, Sdk sdk) {
        if (outcome.cause().isPresent()) {
            return outcome.cause().orElseThrow() == told.cause();
        }
        boolean hidden = sdk == Sdk.GOOGLE_GENAI && told.evidence("status").isPresent();
        return hidden || outcome.header().equals(Optional.of(told.cause().code()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("passing")
    void whatIsNoFaultOrCannotBeFoundPasses(SdkFault fault, Sdk sdk) {
        Outcome outcome = SdkFaultTable.outcome(played, fault, sdk);
        assertThat(outcome.told()).isEmpty();
        assertThat(outcome.cause()).isEmpty();
        assertThat(outcome.end()).isIn(Outcome.End.ANSWER, Outcome.End.ERROR);
        if (fault.isSound()) {
            assertThat(outcome.heard()).as(outcome.toString()).isEqualTo(Api.TEXT);
        }
    }

    @Test
    void thePageShowsThisTable() {
        String page = Sources.text(Sources.project("docs/sdks.md"));
        assertThat(SdkFaultPage.tableIn(page)).isEqualTo(SdkFaultPage.render(played, SdkFaultPage.aloneIn(page)));
        assertThat(SdkFaultPage.tableIn(page)).doesNotContain("?");
    }

    @ParameterizedTest
    @CsvSource({
        "OPENAI, 3, 3",
        "ANTHROPIC, 3, 3",
        "LANGCHAIN4J_OPENAI, 3, 3",
        "LANGCHAIN4J_ANTHROPIC, 3, 3",
        "GOOGLE_GENAI, 5, 1"
    })
    void anSdkWhoseRetriesAreLeftOnSendsAgain(Sdk sdk, int requests, int calls) {
        RecordingListener events = new RecordingListener();
        OkHttpClient client = new OkHttpClient();
        try (ScriptedProvider provider = ScriptedProvider.start();
                LlmProxy proxy = LlmProxy.builder().listener(events).build();
                Talk talk = sdk.open(new Sdk.Setup(OkHttpLlmProxy.wrap(client, proxy), provider.url(), true))) {
            provider.always(sdk.api().refusal(503, "Try later.").header("Retry-After-Ms", "1"));
            assertThat(catchThrowable(talk::ask)).isNotNull();
            assertThat(provider.requests()).hasSize(requests);
            assertThat(events.events(LlmEvent.CallFailed.class)).hasSize(calls);
            assertThat(events.faults())
                    .extracting(Fault::cause)
                    .isSubsetOf(FaultCause.UNAVAILABLE, FaultCause.PROVIDER_OVERLOADED);
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
