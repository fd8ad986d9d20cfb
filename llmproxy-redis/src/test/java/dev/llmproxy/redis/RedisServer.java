package dev.llmproxy.redis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.llmproxy.call.Secret;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real redis-server of this test's own, on a free port and in a directory of its own; connections to it are closed with it. */
final class RedisServer implements AutoCloseable {
    static final Secret KEY = Secret.of("0123456789abcdef0123456789abcdef");

    private static final ClientResources RESOURCES = ClientResources.builder()
            // So that tests need not wait for it: it is connected again as soon as it can be.
            .reconnectDelay(Delay.constant(Duration.ofMillis(20)))
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .build();

    private final List<RedisClient> clients = new ArrayList<>();
    private final List<String> command = new ArrayList<>();
    private final Path directory;
    private final int port;
    private @Nullable Process process;

    private RedisServer(Path binary, String... settings) throws IOException {
        this.directory = Files.createTempDirectory("llmproxy-redis");
        this.port = freePort();
        String[] always = {
            binary.toString(), "--port", "" + port, "--bind", "127.0.0.1", "--dir", directory.toString(), "--save", ""
        };
        command.addAll(Arrays.asList(always));
        command.addAll(Arrays.asList(settings));
    }

    /** Starts one; the test is skipped where there is no binary. */
    static RedisServer start(String... settings) throws IOException {
        Optional<Path> binary = binary();
        assumeTrue(
                binary.isPresent(),
                "no redis-server on the PATH: install Debian's package redis-server to run this test");
        RedisServer server = new RedisServer(binary.get(), settings);
        server.restart();
        return server;
    }

    private static Optional<Path> binary() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it (again), on the same port, with nothing in it. */
    void restart() throws IOException {
        kill();
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        process = started;
        CompletableFuture<String> ready = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(started, ready), "redis-server-output");
        reader.setDaemon(true);
        reader.start();
        try {
            ready.get(2, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new IOException("redis-server did not start on port " + port, e);
        }
    }

    private static void read(Process process, CompletableFuture<String> ready) {
        StringBuilder seen = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                seen.append(line).append('\n');
                if (line.contains("Ready to accept connections")) {
                    ready.complete(line);
                }
            }
        } catch (IOException e) {
            seen.append(e);
        }
        ready.completeExceptionally(new IOException(seen.toString()));
    }

    void kill() {
        if (process != null) {
            process.destroyForcibly();
            waitFor(process);
        }
    }

    /** Stops it as it is, connections open: nothing is answered until it is resumed. */
    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            waitFor(new ProcessBuilder("kill", signal, "" + process().pid()).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    private static void waitFor(Process process) {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("still there: " + process);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says one line to it, as the user of all rights, and returns the first line of what it says. */
    String say(String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader reply =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return String.valueOf(reply.readLine());
        }
    }

    int port() {
        return port;
    }

    Path directory() {
        return directory;
    }

    StatefulRedisConnection<byte[], byte[]> connect() {
        return connect(port);
    }

    /** Connects over a port that leads here. */
    StatefulRedisConnection<byte[], byte[]> connect(int over) {
        return connect(RedisURI.builder().withHost("127.0.0.1").withPort(over));
    }

    StatefulRedisConnection<byte[], byte[]> connect(String user, String password) {
        return connect(RedisURI.builder().withHost("127.0.0.1").withPort(port).withAuthentication(user, password));
    }

    private StatefulRedisConnection<byte[], byte[]> connect(RedisURI.Builder uri) {
        RedisClient client = RedisClient.create(
                RESOURCES, uri.withTimeout(Duration.ofSeconds(30)).build());
        client.setOptions(ClientOptions.create());
        clients.add(client);
        return client.connect(ByteArrayCodec.INSTANCE);
    }

    @Override
    public void close() throws IOException {
        for (RedisClient client : clients) {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
        kill();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
