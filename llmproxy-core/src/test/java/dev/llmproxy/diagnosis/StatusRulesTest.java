package dev.llmproxy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatusRulesTest {
    /** One line of the table. */
    record Row(FaultCause cause, double confidence, String provider, int status, String headers, String body) {
        static Row of(String line) {
            String[] cells = line.split("\t", -1);
            return new Row(
                    FaultCause.valueOf(cells[0]),
                    Double.parseDouble(cells[1]),
                    cells[2],
                    Integer.parseInt(cells[3]),
                    cells[4],
                    cells[5]);
        }

        RefusedCall call() {
            String[] who = provider.split(" ", -1);
            RefusedCall call = RefusedCall.by(who[0]).with(status, body.equals("-") ? "" : body);
            if (!headers.equals("-")) {
                for (String header : headers.split(" \\| ", -1)) {
                    int colon = header.indexOf(": ");
                    call.header(header.substring(0, colon), header.substring(colon + 2));
                }
            }
            return who.length > 1 ? call.withoutKey() : call;
        }

        @Override
        public String toString() {
            return provider + " " + status + " " + body;
        }
    }

    static Stream<Row> rows() throws IOException {
        try (InputStream in = Objects.requireNonNull(StatusRulesTest.class.getResourceAsStream("refusals.tsv"))) {
            String table = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return table.lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Row::of);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void findsTheCause(Row row) {
        Fault fault = row.call().fault();
        assertThat(fault.cause()).as(fault.explain()).isEqualTo(row.cause());
        assertThat(fault.confidence()).as(fault.explain()).isGreaterThanOrEqualTo(row.confidence());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void saysWhatToDo(Row row) {
        Fault fault = row.call().fault();
        assertThat(fault.remedies()).as(fault.explain()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
        assertThat(fault.summary()).as(fault.explain()).doesNotEndWith(".").doesNotContain("\n");
        assertThat(fault.confidence() >= 0.5 || fault.cause() == FaultCause.UNKNOWN)
                .isTrue();
        assertThat(fault.evidence("status")).contains(Integer.toString(row.status()));
    }
}
