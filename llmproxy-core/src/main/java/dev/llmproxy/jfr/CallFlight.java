package dev.llmproxy.jfr;

import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.event.AnswerInfo;
import dev.llmproxy.event.CallInfo;
import dev.llmproxy.event.LlmEvent.CallCancelled;
import dev.llmproxy.event.LlmEvent.CallFailed;
import dev.llmproxy.event.LlmEvent.CallSucceeded;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A call of the application, from its start to the end of the answer's body. */
@Name("dev.llmproxy.Call")
@Label("LLM Call")
@Description("A call of the application to a language model, from its start to the end of the answer's body")
@Category("llmproxy")
@StackTrace(false)
final class CallFlight extends Event {
    @CallId
    @Label("Call")
    String call = "";

    @Label("Outcome")
    @Description("answered, failed or cancelled")
    String outcome = "";

    @Label("Cause")
    @Description("The code of the fault by which it failed")
    String cause = "";

    @Label("Host")
    String host = "";

    @Label("Deployment")
    String deployment = "";

    @Label("Format")
    String dialect = "";

    @Label("Model")
    String model = "";

    @Label("Answered Model")
    String answeredModel = "";

    @Label("Streaming")
    boolean streaming;

    @Label("Status")
    int status;

    @Label("Attempts")
    int attempts;

    @Label("First Token")
    @Description("From the start of the call to the first payload of a stream")
    @Timespan(Timespan.NANOSECONDS)
    long firstToken;

    @Label("Input Tokens")
    @Description("-1 where the answer does not tell them")
    long inputTokens = -1;

    @Label("Output Tokens")
    @Description("-1 where the answer does not tell them")
    long outputTokens = -1;

    @Label("Answer Size")
    @DataAmount
    long bytes;

    void succeeded(CallSucceeded ended) {
        end();
        AnswerInfo answer = ended.answer();
        outcome = "answered";
        answeredModel = Redaction.ofName(answer.model());
        status = ended.status();
        firstToken = ended.firstToken().toNanos();
        inputTokens = answer.inputTokens();
        outputTokens = answer.outputTokens();
        bytes = ended.bytes();
        commit(ended.call(), ended.deployment(), ended.attempts());
    }

    void failed(CallFailed ended) {
        end();
        outcome = "failed";
        cause = ended.fault().cause().code();
        commit(ended.call(), ended.deployment(), ended.attempts());
    }

    void cancelled(CallCancelled ended) {
        end();
        outcome = "cancelled";
        commit(ended.call(), ended.deployment(), ended.attempts());
    }

    private void commit(CallInfo of, String at, int count) {
        call = of.id();
        host = of.origin().host();
        deployment = at;
        dialect = of.dialect().orElse("");
        model = Names.model(of);
        streaming = of.facts().streaming();
        attempts = count;
        commit();
    }
}
