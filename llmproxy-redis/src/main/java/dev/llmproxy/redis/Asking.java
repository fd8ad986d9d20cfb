package dev.llmproxy.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks over the application's connection, and waits no longer than it may. Nothing here throws anything but an
 * IOException. Thread-safe.
 */
final class Asking {
    /** What is sent. */
    interface Command<T> extends Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> {}

    private final StatefulConnection<byte[], byte[]> connection;
    private final RedisClusterAsyncCommands<byte[], byte[]> commands;

    Asking(StatefulConnection<byte[], byte[]> connection, RedisClusterAsyncCommands<byte[], byte[]> commands) {
        this.connection = connection;
        this.commands = commands;
    }

    /** Lettuce keeps commands until it is connected again; nobody waits for that, so it is looked at before. */
    void requireConnection() throws IOException {
        if (!connection.isOpen()) {
            throw new IOException("Redis is not connected");
        }
    }

    /** Asks behind a guard. What is wrong with one key does not speak against the server. */
    <T> T ask(Guard guard, String what, Duration budget, Command<T> command) throws IOException {
        requireConnection();
        guard.enter();
        try {
            T reply = await(what, budget, command);
            guard.succeeded();
            return reply;
        } catch (WrongTypeException e) {
            guard.succeeded();
            throw e;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            guard.failed(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    <T> T await(String what, Duration budget, Command<T> command) throws IOException {
        RedisFuture<T> reply = send(what, command);
        try {
            return reply.get(budget.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reply.cancel(true);
            throw new IOException("Redis did not " + what + " within " + budget.toMillis() + " ms");
        } catch (InterruptedException e) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while Redis was to " + what);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw Refusal.isWrongType(cause) ? new WrongTypeException() : Refusal.of(what, cause);
        } catch (RuntimeException e) {
            throw Refusal.of(what, e);
        }
    }

    /** Sends without waiting; what comes of it is heard on a thread of Lettuce. */
    <T> void tell(String what, Command<T> command, BiConsumer<? super T, ? super @Nullable Throwable> heard)
            throws IOException {
        var unused = send(what, command).whenComplete(heard);
    }

    private <T> RedisFuture<T> send(String what, Command<T> command) throws IOException {
        try {
            return command.apply(commands);
        } catch (RedisException e) {
            throw Refusal.of(what, e);
        }
    }

    /** Under the key lies something that is no string. */
    static final class WrongTypeException extends IOException {
        private static final long serialVersionUID = 1L;

        WrongTypeException() {
            super("Redis refused: WRONGTYPE");
        }
    }
}
