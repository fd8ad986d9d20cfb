package dev.llmproxy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class LlmFaultExceptionTest {
    private final Fault fault = Fault.builder(FaultCause.REFUSED).build();
    private final LlmFaultException exception = new LlmFaultException(fault, new ConnectException("refused"));

    @Test
    void isAnIoExceptionThatSaysCodeAndSummary() {
        assertThat(exception).isInstanceOf(IOException.class).hasMessage("connection.refused: nothing listens there");
        assertThat(exception.fault()).isSameAs(fault);
        assertThat(exception).hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void isFoundHoweverDeepItWasWrapped() {
        assertThat(LlmFaultException.faultOf(exception)).containsSame(fault);
        assertThat(LlmFaultException.faultOf(new RuntimeException(new IllegalStateException(exception))))
                .containsSame(fault);
        Exception suppressing = new Exception("outer");
        suppressing.addSuppressed(new RuntimeException(exception));
        assertThat(LlmFaultException.faultOf(suppressing)).containsSame(fault);
    }

    @Test
    void isNotFoundWhereItIsNot() {
        assertThat(LlmFaultException.faultOf(new IOException("other"))).isEmpty();
        assertThat(LlmFaultException.faultOf(null)).isEmpty();
    }

    @Test
    void aCircleOfCausesEndsTheSearch() {
        Exception one = new Exception("one");
        Exception two = new Exception("two", one);
        one.initCause(two);
        two.addSuppressed(one);
        assertThat(LlmFaultException.faultOf(one)).isEmpty();
    }
}
