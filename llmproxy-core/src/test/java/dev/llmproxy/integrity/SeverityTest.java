package dev.llmproxy.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.dialect.Rule.Severity;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.fake.FakeTicker;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every rule finds what it is there for, and does what a setting makes of it, and nothing else. */
class SeverityTest {
    private final FakeTicker ticker = new FakeTicker();
    private final List<LlmEvent.FindingDetected> found = new ArrayList<>();

    private @Nullable Throwable play(Integrity setting, Scene scene) {
        try (LlmProxy proxy = LlmProxy.builder()
                .ticker(ticker)
                .integrity(setting)
                .on(LlmEvent.FindingDetected.class, found::add)
                .build()) {
            for (int i = 0; scene.isRepeated() && i < 1; i++) {
                assertThat(catchThrowable(() -> read(proxy, scene, 0))).isNull();
            }
            return catchThrowable(() -> read(proxy, scene, 1));
        }
    }

    private void read(LlmProxy proxy, Scene scene, int call) throws IOException {
        try (LlmResponse response = proxy.execute(scene.request(call), CallOptions.none(), scene.transport(ticker))) {
            response.body().readByteString();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorFailsTheCall(Rule rule) {
        Scene scene = Scenes.of(rule);
        Throwable thrown = play(scene.integrity(Integrity.strict(), rule, Severity.ERROR), scene);
        Fault fault = LlmFaultException.faultOf(thrown).orElseThrow();
        if (rule.cause() == FaultCause.IN_BAND_ERROR) {
            assertThat(fault.cause()).isEqualTo(FaultCause.IN_BAND_ERROR);
        } else {
            assertThat(fault.evidence("rule")).hasValue(rule.id());
        }
        assertTold(rule, Severity.ERROR);
    }

    @ParameterizedTest
    @EnumSource
    void aWarningIsToldAndNothingElse(Rule rule) {
        Scene scene = Scenes.of(rule);
        assertThat(play(scene.integrity(Integrity.strict(), rule, Severity.WARNING), scene))
                .isNull();
        assertTold(rule, Severity.WARNING);
    }

    @ParameterizedTest
    @EnumSource
    void informationIsToo(Rule rule) {
        Scene scene = Scenes.of(rule);
        assertThat(play(scene.integrity(Integrity.strict(), rule, Severity.INFO), scene))
                .isNull();
        assertTold(rule, Severity.INFO);
    }

    @ParameterizedTest
    @EnumSource
    void whoeverObservesIsToldOfAnErrorAndGetsWhatCame(Rule rule) {
        Scene scene = Scenes.of(rule);
        assertThat(play(scene.integrity(Integrity.observe(), rule, Severity.ERROR), scene))
                .isNull();
        assertTold(rule, Severity.ERROR);
    }

    @ParameterizedTest
    @EnumSource
    void whoeverDoesNotLookIsToldNothing(Rule rule) {
        Scene scene = Scenes.of(rule);
        assertThat(play(scene.integrity(Integrity.off(), rule, Severity.ERROR), scene))
                .isNull();
        assertThat(found).isEmpty();
    }

    private void assertTold(Rule rule, Severity severity) {
        assertThat(found).filteredOn(each -> each.rule() == rule).isNotEmpty();
        assertThat(found).filteredOn(each -> each.rule() == rule).allMatch(each -> each.severity() == severity);
    }
}
