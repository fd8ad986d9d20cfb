package dev.llmproxy.jfr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.fake.FakeTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A runtime that was made of few modules has no flight recorder, and calls are made all the same. */
class WithoutRecorderTest {
    /** Makes a call, and says what came of it. */
    public static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            try (LlmProxy proxy = LlmProxy.builder().build();
                    LlmResponse response = proxy.execute(
                            FakeTransport.chat(), CallOptions.none(), FakeTransport.answering(FakeTransport.ok()))) {
                System.out.print("modules "
                        + ModuleLayer.boot().findModule("jdk.jfr").isPresent() + ", recorder "
                        + FlightEvents.listener().isPresent() + ", answer " + response.code() + " "
                        + response.body().readUtf8().contains("hello"));
            }
        }
    }

    @Test
    void callsAreMadeWithoutTheModule() throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--limit-modules=java.base,java.logging,java.management,java.naming,java.xml,jdk.unsupported",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(program.getInputStream().readAllBytes(), UTF_8);
        assertThat(program.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(printed).isEqualTo("modules false, recorder false, answer 200 true");
    }
}
