package dev.llmproxy.integrity;

import com.squareup.moshi.JsonWriter;
import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.BrokenAnswerException;
import dev.llmproxy.chain.CallContext;
import dev.llmproxy.dialect.AnswerFacts;
import dev.llmproxy.dialect.AnswerFacts.InBandError;
import dev.llmproxy.dialect.AnswerScan;
import dev.llmproxy.dialect.Findings;
import dev.llmproxy.dialect.Redaction;
import dev.llmproxy.dialect.Rule;
import dev.llmproxy.fault.Fault;
import dev.llmproxy.fault.FaultCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import okio.Buffer;
import okio.ByteString;

/** Makes faults of findings: what is wrong, how it is known, what it is not, and what to do. */
final class AnswerFaults {
    private AnswerFaults() {}

    static BrokenAnswerException broken(Finding finding, AnswerScan scan, Attempt attempt, Findings findings) {
        AnswerFacts facts = scan.facts();
        Fault.Builder fault = begun(finding, describe(scan, facts));
        finding.evidence().forEach(each -> fault.evidence(each.name(), each.value()));
        facts.toldFinishReason(findings).ifPresent(reason -> fault.evidence("finish reason", Redaction.ofName(reason)));
        return broken(finding, fault, attempt, quoted(finding, facts));
    }

    /** Returns the fault of an answer of which nothing is known but how it is described. */
    static BrokenAnswerException broken(Finding finding, String described, Attempt attempt) {
        return broken(finding, begun(finding, described), attempt, ByteString.EMPTY);
    }

    private static Fault.Builder begun(Finding finding, String described) {
        return Fault.builder(finding.rule().cause())
                .confidence(0.95)
                .summary(summary(finding))
                .evidence("rule", finding.rule().id())
                .evidence("found after", finding.bytes() + " bytes")
                .evidence("answer", described);
    }

    private static BrokenAnswerException broken(
            Finding finding, Fault.Builder fault, Attempt attempt, ByteString quoted) {
        ruleOut(finding.rule(), attempt, fault);
        Remedies.add(finding.rule().cause(), fault);
        return new BrokenAnswerException(finding.rule().id() + ": " + finding.detail(), fault, quoted);
    }

    /** Returns the fault of an answer that lay on the connection before its request was sent. */
    static Fault early(Finding finding, CallContext call, int attempt) {
        Fault.Builder fault = Fault.builder(finding.rule().cause())
                .confidence(0.99)
                .summary("the answer to another request came first (" + finding.detail() + ")")
                .where(call.info().origin().host() + " attempt " + attempt)
                .evidence("call", call.id())
                .evidence("rule", finding.rule().id())
                .mayHaveBilled(true)
                .ruledOut("the model: it had not got the request yet")
                .remedy("look for a server or relay on the way that answers one request twice,"
                        + " or sends more than it declares");
        Remedies.add(finding.rule().cause(), fault);
        return fault.build();
    }

    private static String summary(Finding finding) {
        return finding.rule() == Rule.ANSWER_CHECK
                ? "response rejected by " + finding.detail()
                : Wording.of(finding.rule()) + " (" + finding.detail() + ")";
    }

    private static String describe(AnswerScan scan, AnswerFacts facts) {
        return scan.isStreamed()
                ? "a stream, " + facts.events() + " events, " + facts.comments() + " comments"
                : "a plain one";
    }

    private static void ruleOut(Rule rule, Attempt attempt, Fault.Builder fault) {
        if (rule.cause() == FaultCause.STREAM_UNTERMINATED || rule.cause() == FaultCause.TRUNCATED_SILENTLY) {
            fault.ruledOut(
                    attempt.framing().chunked() || attempt.framing().declaredLength() >= 0
                            ? "a cut connection: the body came to its end as its framing says"
                            : "a timer of this side: none had fired");
        }
    }

    // The diagnosis reads it as the body of a refusal.
    private static ByteString quoted(Finding finding, AnswerFacts facts) {
        boolean inBand = finding.rule() == Rule.SHAPE_ERROR_IN_200 || finding.rule() == Rule.STREAM_INBAND_ERROR;
        return inBand ? facts.error().map(AnswerFaults::body).orElse(ByteString.EMPTY) : ByteString.EMPTY;
    }

    private static ByteString body(InBandError error) {
        Buffer body = new Buffer();
        try (JsonWriter json = JsonWriter.of(body)) {
            json.beginObject().name("error").beginObject();
            json.name("type").value(error.type());
            json.name("code").value(error.code());
            json.name("message").value(error.message());
            json.endObject().endObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.readByteString();
    }
}
