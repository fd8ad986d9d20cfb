package dev.llmproxy.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The replies to come: those in the queue first, then what always answers. */
final class Script {
    private final Deque<Reply> queue = new ArrayDeque<>();
    private final Ledger ledger;
    private @Nullable Reply always;
    private @Nullable Function<ReceivedRequest, Reply> function;

    Script(Ledger ledger) {
        this.ledger = ledger;
    }

    synchronized void enqueue(List<Reply> replies) {
        queue.addAll(replies);
    }

    synchronized void always(Reply reply) {
        always = reply;
        function = null;
    }

    synchronized void answer(Function<ReceivedRequest, Reply> answer) {
        function = answer;
        always = null;
    }

    /** Takes the next reply if it begins in this moment, before there is a request. */
    synchronized @Nullable Reply claim(Moment moment) {
        Reply next = queue.isEmpty() ? always : queue.peek();
        return next == null || next.begins() != moment ? null : next();
    }

    /** Takes the next reply, or null if it depends on the whole request. */
    synchronized @Nullable Reply next() {
        return queue.isEmpty() ? always : queue.remove();
    }

    /** Returns the reply to this request, of which none was scripted. */
    Reply answer(ReceivedRequest request) {
        Function<ReceivedRequest, Reply> answer = function();
        if (answer == null) {
            return mistake("no reply is scripted for " + request);
        }
        try {
            return answer.apply(request).checkedForFunction();
        } catch (RuntimeException | AssertionError e) {
            return mistake("the scripted function failed for " + request + ": " + e);
        }
    }

    private synchronized @Nullable Function<ReceivedRequest, Reply> function() {
        return function;
    }

    /** Notes what is wrong with the test, and tells the client too. */
    Reply mistake(String message) {
        ledger.scriptError(message);
        return Reply.status(500)
                .header("Content-Type", "text/plain; charset=utf-8")
                .body("ScriptedProvider: " + message + "\n");
    }
}
