package dev.llmproxy.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damages what providers answered: nothing that can be told from a whole answer may pass for one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MutationTest {
    private static final int TRIALS = Integer.getInteger("llmproxy.mutations", 1);
    private static final long SEED = Long.getLong("llmproxy.seed", 7);

    private static final MutationReport REPORT = new MutationReport();

    private static List<Recording> recordings = List.of();

    private final Tally tally = new Tally();

    // Read once: nothing changes them.
    @BeforeAll
    static void findRecordings() throws IOException {
        recordings = Recording.healthy();
        // Of several answers in one recording nobody can say which of them a connection has broken.
        recordings.removeIf(Recording::holdsSeveralAnswers);
        // Cohere's old path says nothing of a dialect where the host is not Cohere's.
        recordings.removeIf(recording -> recording.request().url().path().equals("/v1/chat"));
    }

    @Test
    void whatIsHealthyIsSoForTheJudgeAndForTheLibrary() {
        try (SourceRun run = new SourceRun()) {
            for (Recording recording : recordings) {
                assertThat(Reading.of(recording, recording.body()).causes())
                        .as(recording.name())
                        .isEmpty();
                assertThat(run.play(recording, recording.body()).cause())
                        .as(recording.name())
                        .isNull();
            }
        }
        assertThat(recordings).hasSizeGreaterThan(350);
    }

    @Test
    void damagedBytesAreFound() {
        damageEach("Damaged bytes", ByteKinds.all());
    }

    @Test
    void damagedEventsAreFound() {
        damageEach("Damaged events", EventKinds.all(recordings));
    }

    @Test
    void otherAnswersAreFound() {
        damageEach("Something else in place of an answer", OtherKinds.all());
    }

    @Test
    void cutArgumentsAreFound() {
        damageEach("Cut arguments of tool calls", ToolKinds.all());
    }

    @Test
    void clientsThatStopAtTheTerminatorAreTold() {
        List<Kind> kinds = new ArrayList<>(ByteKinds.all());
        kinds.addAll(EventKinds.all(recordings));
        kinds.addAll(ToolKinds.all());
        Random chance = new Random(SEED);
        try (SourceRun run = new SourceRun()) {
            for (Recording recording : recordings) {
                for (int i = 0; EarlyStop.canRead(recording) && i < 3 * TRIALS; i++) {
                    Kind kind = kinds.get(chance.nextInt(kinds.size()));
                    byte[] damaged = kind.damage().to(recording, chance);
                    if (damaged != null) {
                        byte[] part = EarlyStop.part(damaged);
                        String place = recording.name() + ", " + recording.difference(damaged);
                        Truth truth = kind.truth(recording, part);
                        tally.add(
                                kind.name(),
                                recording.format(),
                                place,
                                truth,
                                run.playToTerminator(recording, damaged));
                    }
                }
            }
        }
        judge("The same, for clients that stop reading at the terminator");
    }

    @Test
    void errorsInsideOfStreamsAreFoundWithTheirCauses() {
        Random chance = new Random(SEED);
        for (InBandErrors error : InBandErrors.all()) {
            List<Recording> streams = recordings.stream()
                    .filter(recording -> recording.format().equals(error.format()))
                    .toList();
            for (int i = 0; i < 5 + TRIALS; i++) {
                Recording recording = streams.get(chance.nextInt(streams.size()));
                List<byte[]> events = recording.events();
                int before = i == 0 ? 0 : chance.nextInt(events.size());
                List<byte[]> failing = new ArrayList<>(events.subList(0, before));
                failing.add(error.event());
                play(error, recording, recording.shape().join(failing));
            }
        }
        judge("Errors inside of streams");
    }

    // Each by a proxy of its own: what one provider refused is no evidence for another.
    private void play(InBandErrors error, Recording recording, byte[] body) {
        Truth truth = Truth.broken(error.causes().toArray(new FaultCause[0]));
        try (SourceRun run = new SourceRun()) {
            tally.add(error.sender(), recording, truth, run.play(recording, body));
        }
    }

    /** Cuts one small answer of each shape at every byte. */
    @Test
    void cutsAtEveryByteAreFound() {
        Kind cut = ByteKinds.all().get(0);
        try (SourceRun run = new SourceRun()) {
            for (Recording recording : smallest()) {
                int whole = recording.wholeLength();
                Truth truth = Truth.broken(cut.causes().toArray(new FaultCause[0]));
                for (int end = 0; end < recording.body().length; end++) {
                    byte[] damaged = Arrays.copyOf(recording.body(), end);
                    Truth here = end < whole ? truth : cut.truth(recording, damaged);
                    tally.add(recording.format(), recording, here, run.play(recording, damaged));
                }
            }
        }
        judge("Cut at every byte");
        assertThat(tally.kinds()).hasSizeGreaterThanOrEqualTo(12);
    }

    // One plain, one stream, one with calls of each format.
    private Collection<Recording> smallest() {
        Map<String, Recording> smallest = new TreeMap<>();
        for (Recording recording : recordings) {
            String calls = recording.callsTools() ? " with calls" : "";
            smallest.merge(
                    recording.format() + recording.reading().getClass().getSimpleName() + calls,
                    recording,
                    (a, b) -> a.body().length <= b.body().length ? a : b);
        }
        return smallest.values().stream()
                .filter(recording -> recording.body().length < 2_500)
                .toList();
    }

    @Test
    void brokenTransportsAreFound() throws IOException {
        Random chance = new Random(SEED);
        List<TransportKind> kinds = TransportKind.all();
        try (SocketRun run = new SocketRun()) {
            for (int i = 0; i < recordings.size() * TRIALS; i++) {
                Recording recording = recordings.get(i % recordings.size());
                for (int k = 0; k < 2; k++) {
                    TransportKind kind = kinds.get((2 * i + k) % kinds.size());
                    TransportKind.Case damaged = kind.damage().to(recording, SocketRun.sound(recording), chance);
                    if (damaged != null) {
                        tally.add(kind.name(), recording, damaged.truth(), run.play(recording, damaged.reply()));
                    }
                }
            }
        }
        judge("Broken transports, over sockets");
    }

    private void damageEach(String title, List<Kind> kinds) {
        Random chance = new Random(SEED);
        try (SourceRun run = new SourceRun()) {
            for (Recording recording : recordings) {
                for (Kind kind : kinds) {
                    for (int i = 0; i < TRIALS; i++) {
                        damage(recording, kind, chance, run);
                    }
                }
            }
        }
        judge(title);
    }

    private void damage(Recording recording, Kind kind, Random chance, SourceRun run) {
        byte[] damaged = kind.damage().to(recording, chance);
        if (damaged != null && !Arrays.equals(damaged, recording.body())) {
            String place = recording.name() + ", " + recording.difference(damaged);
            Truth truth = kind.truth(recording, damaged);
            tally.add(kind.name(), recording.format(), place, truth, run.play(recording, damaged));
        }
    }

    private void judge(String title) {
        REPORT.add(title, tally);
        assertThat(tally.mistakes()).isEmpty();
    }

    @AfterAll
    static void writeReport() throws IOException {
        REPORT.writeWhereAsked();
    }
}
