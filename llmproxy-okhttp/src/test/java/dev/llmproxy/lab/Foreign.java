package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.testing.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that stands in the place of the one that was asked for, in whatever format the call has.
 *
 * @param name who gives it
 * @param cause what it means
 * @param status the HTTP status
 * @param type its content type
 * @param body its body
 * @param headers names and values, one after the other
 */
record Foreign(String name, FaultCause cause, int status, String type, String body, List<String> headers) {
    Foreign(String name, FaultCause cause, int status, String type, String body) {
        this(name, cause, status, type, body, List.of());
    }

    Foreign with(String header, String value) {
        List<String> more = new ArrayList<>(headers);
        more.addAll(List.of(header, value));
        return new Foreign(name, cause, status, type, body, more);
    }

    Scenario scenario() {
        return Scenario.of(cause, name, trial -> trial.meet(reply()));
    }

    private Reply reply() {
        Reply reply = Reply.json(status, body).header("Content-Type", type);
        for (int i = 0; i < headers.size(); i += 2) {
            reply = reply.header(headers.get(i), headers.get(i + 1));
        }
        return reply;
    }
}
