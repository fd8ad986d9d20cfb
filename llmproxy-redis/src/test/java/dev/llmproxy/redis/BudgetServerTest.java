package dev.llmproxy.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.event.LlmEvent.ConditionDetected;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.limit.Limits;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What tests of budgets have in common: a real server, which is empty before each test. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
abstract class BudgetServerTest {
    // So that no answer is late on a busy machine.
    private static final Duration LONG = Duration.ofSeconds(10);

    static RedisServer server;

    final Queue<Fault> conditions = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void empty() throws Exception {
        assertThat(server.say("FLUSHALL")).isEqualTo("+OK");
    }

    /** Returns the budgets of one more process. */
    static RedisBudgets budgets() {
        return RedisBudgets.on(server.connect()).patience(LONG);
    }

    /** Builds a proxy that tells its conditions here. */
    LlmProxy proxy(Limits limits) {
        return LlmProxy.builder()
                .limits(limits)
                .on(ConditionDetected.class, told -> conditions.add(told.condition()))
                .build();
    }
}
