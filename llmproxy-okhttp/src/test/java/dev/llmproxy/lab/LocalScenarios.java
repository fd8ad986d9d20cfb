package dev.llmproxy.lab;

import dev.llmproxy.diagnosis.TroubledMachine;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.okhttp.OwnSockets;
import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Calls that fail because of this process. Its trouble would be that of every other trial: so the readings of the machine,
 * and what the client's sockets throw, are made up, while the calls and their clocks are real.
 */
final class LocalScenarios {
    private static final String READINGS = "the readings of this machine";
    private static final String PULSE = READINGS + ", its pulse, and the client's SocketFactory";
    private static final String SOCKETS = READINGS + ", and the client's SocketFactory";

    private LocalScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of(
                                FaultCause.PROCESS_FROZEN,
                                "the process stands still while it waits",
                                trial -> stopped(trial, TroubledMachine.frozen()))
                        .at(PULSE),
                Scenario.of(
                                FaultCause.CPU_STARVED,
                                "threads wait for a processor",
                                trial -> stopped(trial, TroubledMachine.starved()))
                        .at(PULSE),
                Scenario.of(
                                FaultCause.HEAP_PRESSURE,
                                "garbage is collected while it waits",
                                trial -> stopped(trial, TroubledMachine.collecting()))
                        .at(PULSE),
                Scenario.of(
                                FaultCause.FILE_DESCRIPTORS,
                                "no file can be opened",
                                trial -> unopened(
                                        trial,
                                        TroubledMachine.withoutDescriptors(),
                                        () -> new SocketException("Too many open files")))
                        .at(SOCKETS),
                Scenario.of(
                                FaultCause.PORTS,
                                "no port is left",
                                trial -> unopened(
                                        trial,
                                        TroubledMachine.withoutPorts(),
                                        () -> new BindException("Cannot assign requested address")))
                        .at(SOCKETS),
                Scenario.of(FaultCause.THREADS, "no thread can be started", LocalScenarios::threads)
                        .at(SOCKETS));
    }

    // A healthy provider would have answered, and what it sent would lie in the socket. Here nothing does: the
    // client's own sockets do not tell.
    private static void stopped(Trial trial, TroubledMachine machine) throws InterruptedException {
        trial.on(machine);
        Duration budget = trial.between(400, 800);
        trial.timeouts(timeouts -> timeouts.firstByte(budget).firstToken(budget));
        trial.http(http -> http.socketFactory(new OwnSockets(Socket::new)));
        trial.provider().always(trial.healthy().afterRequest().stall());
        trial.client();
        machine.stop();
        trial.call();
        machine.release();
    }

    private static void unopened(Trial trial, TroubledMachine machine, Supplier<IOException> thrown) {
        trial.on(machine);
        trial.http(http -> http.socketFactory(OwnSockets.refusing(thrown)));
        trial.call(trial.api().request("http://127.0.0.1:9", trial.streaming(), "Why?"));
    }

    private static void threads(Trial trial) {
        unopened(trial, TroubledMachine.withoutThreads(), () -> {
            throw new OutOfMemoryError(
                    "unable to create native thread: possibly out of memory or process limits reached");
        });
    }
}
