package dev.llmproxy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.lab.Remedies.Mendable;
import dev.llmproxy.lab.Remedies.Mended;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RemediesTest {
    // They wait most of their time.
    private static final int AT_ONCE = 3;

    private static final Map<FaultCause, Future<Mended>> MENDED = new EnumMap<>(FaultCause.class);

    @BeforeAll
    static void mendAFewAtOnce() throws InterruptedException {
        List<Mendable> all = mendable();
        // What is timed is not to pay for loading classes: that is done with the first.
        mend(all.subList(0, 1));
        mend(all.subList(1, all.size()));
    }

    private static void mend(List<Mendable> some) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        for (Mendable mendable : some) {
            MENDED.put(mendable.cause(), threads.submit(() -> Remedies.mend(mendable, 17)));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    }

    static List<Mendable> mendable() {
        return Mendables.all();
    }

    @ParameterizedTest
    @MethodSource("mendable")
    void theSettingThatIsAdvisedMendsTheFault(Mendable mendable) throws Exception {
        Mended mended = Objects.requireNonNull(MENDED.get(mendable.cause())).get();
        if (mended.then().isPresent() || mended.setting().isEmpty()) {
            // A busy machine is late now and then; a setting that mends nothing does so again, with nothing beside it.
            mended = Remedies.mend(mendable, 18);
        }
        assertThat(mended.told().map(Fault::cause)).hasValue(mendable.cause());
        assertThat(mended.setting()).isNotEmpty();
        assertThat(mended.then()).as(mended.setting()).isEmpty();
    }
}
