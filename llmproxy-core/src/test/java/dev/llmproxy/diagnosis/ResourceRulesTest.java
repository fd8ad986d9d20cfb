package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.event.Phase;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ResourceRulesTest {
    private final LocalCall call = new LocalCall();

    private Fault failsIn(Phase phase, IOException failure) {
        return call.fault(attempt -> {
            attempt.mark(phase);
            throw failure;
        });
    }

    private Fault runsOut(StackTraceElement... from) {
        return call.fault(attempt -> {
            OutOfMemoryError error = new OutOfMemoryError();
            error.setStackTrace(from);
            throw error;
        });
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, type + ".java", -1);
    }

    @Test
    void aSocketThatCannotBeOpenedWhereNearlyAllDescriptorsAre() {
        call.machine.descriptors = new Gauge(64, 64);
        Fault fault = failsIn(Phase.CONNECT, new SocketException("whatever"));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.FILE_DESCRIPTORS);
        assertThat(fault.confidence()).isEqualTo(0.95);
        assertThat(fault.evidence("file descriptors open")).hasValue("64 of 64");
        assertThat(fault.remedies().get(1).action()).contains("256 instead of 64");
        assertThat(fault.mayHaveBilled()).isFalse();
    }

    @Test
    void aResolverThatCannotOpenItsFilesDoesNotMakeTheNameUnknown() {
        call.machine.descriptors = new Gauge(1_000, 1_024);
        assertThat(failsIn(Phase.DNS, new UnknownHostException("api.example.com"))
                        .cause())
                .isEqualTo(FaultCause.FILE_DESCRIPTORS);
    }

    @Test
    void whatTheKernelAnswersIsNoLackOfDescriptors() {
        call.machine.descriptors = new Gauge(64, 64);
        assertThat(failsIn(Phase.CONNECT, new ConnectException("refused")).cause())
                .isEqualTo(FaultCause.REFUSED);
    }

    @Test
    void aMessageAloneIsNotEnoughWhereTheClassSaysOtherwise() {
        assertThat(failsIn(Phase.CONNECT, new ConnectException("Too many open files"))
                        .cause())
                .isEqualTo(FaultCause.REFUSED);
        assertThat(failsIn(Phase.CONNECT, new SocketException("something else")).cause())
                .isEqualTo(FaultCause.UNREACHABLE);
    }

    @Test
    void aMachineWithoutDescriptorsIsADoubtfulCase() {
        Fault fault = failsIn(Phase.CONNECT, new SocketException("Too many open files in system"));
        assertThat(fault.cause()).isEqualTo(FaultCause.FILE_DESCRIPTORS);
        assertThat(fault.confidence()).isEqualTo(0.6);
    }

    @Test
    void aLocalAddressThatIsRefusedWhereAllPortsAreTaken() {
        call.machine.ports = new Gauge(28_000, 28_232);
        Fault fault = failsIn(Phase.CONNECT, new BindException());
        assertThat(fault.cause()).isEqualTo(FaultCause.PORTS);
        assertThat(fault.confidence()).isEqualTo(0.95);
        assertThat(fault.evidence("local ports taken")).hasValue("28,000 of 28,232");
    }

    @Test
    void aLocalAddressThatIsRefusedWhereFewAreTakenIsDoubtful() {
        assertThat(failsIn(Phase.CONNECT, new BindException()).confidence()).isEqualTo(0.6);
    }

    @Test
    void aLocalAddressThatIsRefusedWhereNobodyCountsIsLikely() {
        call.machine.ports = Gauge.UNKNOWN;
        assertThat(failsIn(Phase.CONNECT, new BindException()).confidence()).isEqualTo(0.7);
    }

    @Test
    void aThreadThatCannotBeStarted() {
        call.machine.threads = new Gauge(95, 100);
        Fault fault = runsOut(
                frame("java.lang.Thread", "start0"),
                frame("java.lang.Thread", "start"),
                frame("java.util.concurrent.ThreadPoolExecutor", "addWorker"));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.THREADS);
        assertThat(fault.evidence("threads")).hasValue("95 of 100");
        assertThat(fault.remedies().get(1).action()).contains("200 instead of 100");
    }

    @Test
    void aHeapThatIsFull() {
        call.machine.living = new Gauge(95L << 20, 96L << 20);
        Fault fault = runsOut(frame("okio.Segment", "<init>"));
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(FaultCause.HEAP_PRESSURE);
        assertThat(fault.confidence()).isEqualTo(0.95);
        assertThat(fault.remedies().get(0).action()).isEqualTo("give this JVM more heap: -Xmx192m");
    }

    @Test
    void buffersOutsideTheHeapAreToldFromIt() {
        Fault fault = runsOut(frame("java.nio.Bits", "reserveMemory"), frame("java.nio.DirectByteBuffer", "<init>"));
        assertThat(fault.cause()).isEqualTo(FaultCause.HEAP_PRESSURE);
        assertThat(fault.remedies().get(0).action()).contains("-XX:MaxDirectMemorySize");
    }
}
