package dev.llmproxy.mutation;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a transport ends or damages an answer.
 *
 * @param name what it is called in the tables
 * @param damage what is done
 */
record TransportKind(String name, Damage damage) {
    /** An answer to be played, and what has to be said of it. */
    record Case(Reply reply, Truth truth) {}

    /** Damages the transport of an answer. */
    @FunctionalInterface
    interface Damage {
        /** Returns the case, or null where this cannot be done to this answer. */
        @Nullable
        Case to(Recording recording, Reply sound, RandomGenerator chance);
    }

    private static final Truth RESET =
            Truth.broken(FaultCause.RESET_MID_ANSWER, FaultCause.RESET_BEFORE_ANSWER, FaultCause.CLOSED_BEFORE_ANSWER);
    // What is wrong with the size of a chunk is the same to the client as no chunk at all.
    private static final Truth BAD_CHUNK = Truth.broken(FaultCause.TRUNCATED_CHUNKS, FaultCause.BAD_HTTP_FRAMING);
    private static final Truth GZIP = Truth.broken(FaultCause.BAD_COMPRESSION);

    static List<TransportKind> all() {
        List<TransportKind> kinds = new ArrayList<>();
        kinds.add(at(
                "declared length, cut",
                Truth.broken(FaultCause.TRUNCATED_BODY),
                (reply, at) -> reply.atByte(at).cut()));
        kinds.add(
                reset("declared length, reset", (reply, at) -> reply.atByte(at).reset()));
        kinds.add(at(
                "chunks, cut",
                Truth.broken(FaultCause.TRUNCATED_CHUNKS),
                (reply, at) -> reply.chunked(7, 100).atByte(at).cut()));
        kinds.add(reset(
                "chunks, reset", (reply, at) -> reply.chunked(7, 100).atByte(at).reset()));
        kinds.add(reset(
                "until closed, reset",
                (reply, at) -> reply.closeDelimited().atByte(at).reset()));
        kinds.add(new TransportKind("until closed, closed early", TransportKind::closedEarly));
        kinds.add(new TransportKind("sound chunks of a part", TransportKind::partInChunks));
        kinds.add(new TransportKind("last chunk missing", TransportKind::withoutLastChunk));
        kinds.add(of(
                "chunk size damaged",
                BAD_CHUNK,
                (reply, chance) -> reply.chunked(20).badChunk(chance.nextInt(2))));
        kinds.add(of("gzip, wrong checksum", GZIP, (reply, chance) -> reply.damagedGzip()));
        kinds.add(of("gzip, cut", GZIP, (reply, chance) -> reply.truncatedGzip()));
        kinds.add(of(
                "gzip, cut, chunks", GZIP, (reply, chance) -> reply.chunked(50).truncatedGzip()));
        kinds.add(of(
                "gzip, byte changed",
                GZIP,
                (reply, chance) -> reply.gzip().atByte(20 + chance.nextInt(20)).corrupt()));
        kinds.add(of("gzip, not said so", GZIP, (reply, chance) -> reply.gzip().withoutHeader("Content-Encoding")));
        kinds.add(of("gzip said, none sent", GZIP, (reply, chance) -> reply.header("Content-Encoding", "gzip")));
        kinds.add(new TransportKind("deflate, not asked for", (recording, sound, chance) -> {
            Reply encoded = sound.header("Content-Encoding", "deflate").body(deflated(recording.body()));
            return new Case(encoded, GZIP);
        }));
        kinds.add(of(
                "an encoding said that is not asked for, none made",
                Truth.harmless(),
                (reply, chance) -> reply.header("Content-Encoding", "br")));
        return kinds;
    }

    private static byte[] deflated(byte[] body) {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
        return deflated.toByteArray();
    }

    @FunctionalInterface
    private interface Placed {
        Reply of(Reply sound, int at);
    }

    @FunctionalInterface
    private interface Whole {
        Reply of(Reply sound, RandomGenerator chance);
    }

    private static TransportKind at(String name, Truth truth, Placed effect) {
        return new TransportKind(name, (recording, sound, chance) -> {
            int at = chance.nextInt(recording.body().length);
            return new Case(effect.of(sound, at), isWhole(recording, at) ? Truth.harmless() : truth);
        });
    }

    // A reset may overtake what was sent before it: behind a terminator, nobody knows whether that has come.
    private static TransportKind reset(String name, Placed effect) {
        return new TransportKind(name, (recording, sound, chance) -> {
            int at = chance.nextInt(recording.body().length);
            return isWhole(recording, at) ? null : new Case(effect.of(sound, at), RESET);
        });
    }

    private static TransportKind of(String name, Truth truth, Whole effect) {
        return new TransportKind(name, (recording, sound, chance) -> new Case(effect.of(sound, chance), truth));
    }

    /** Says whether the terminator of a stream has passed: a plain answer has none but its end. */
    private static boolean isWhole(Recording recording, int bytes) {
        return recording.isStream()
                && recording.isTerminatedIn(Arrays.copyOf(recording.body(), recording.endedIn(bytes)));
    }

    private static Case closedEarly(Recording recording, Reply sound, RandomGenerator chance) {
        byte[] part = ByteKinds.cut(recording, chance);
        return new Case(
                sound.closeDelimited().atByte(part.length).cut(),
                Truth.of(recording, part).only(ByteKinds.CUT));
    }

    private static Case partInChunks(Recording recording, Reply sound, RandomGenerator chance) {
        byte[] part = ByteKinds.cut(recording, chance);
        return new Case(
                sound.body(part).chunked(11, 300), Truth.of(recording, part).only(ByteKinds.CUT));
    }

    private static Case withoutLastChunk(Recording recording, Reply sound, RandomGenerator chance) {
        boolean isWhole = isWhole(recording, recording.body().length);
        Truth truth = isWhole ? Truth.harmless() : Truth.broken(FaultCause.TRUNCATED_CHUNKS);
        return new Case(sound.chunked(13).withoutLastChunk(), truth);
    }
}
