package dev.llmproxy.okhttp;

import dev.llmproxy.chain.Attempt;
import dev.llmproxy.chain.Budget;
import dev.llmproxy.chain.Ending;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * The client's name service within the attempt's budget. A lookup cannot be interrupted, so it runs on a thread that
 * can be left behind; that happens once per connection, not once per call.
 */
final class LimitedDns implements Dns {
    private static final ThreadLocal<CallListener> NEXT = new ThreadLocal<>();

    private final Dns dns;

    LimitedDns(Dns dns) {
        this.dns = dns;
    }

    /** Notes for whom the next lookup on this thread is: OkHttp announces it, and then does not say. */
    static void next(CallListener listener) {
        NEXT.set(listener);
    }

    /** Returns what the application has set. */
    Dns users() {
        return dns;
    }

    @Override
    public List<InetAddress> lookup(String name) throws UnknownHostException {
        CallListener listener = NEXT.get();
        NEXT.remove();
        Attempt attempt = listener == null ? null : listener.attempt();
        return listener == null || attempt == null ? dns.lookup(name) : lookup(name, listener, attempt);
    }

    private List<InetAddress> lookup(String name, CallListener listener, Attempt attempt) throws UnknownHostException {
        long limit = attempt.limit(Budget.DNS);
        Lookup lookup = Lookup.start(dns, name);
        listener.lookingUp(lookup);
        try {
            return lookup.await(limit);
        } catch (TimeoutException e) {
            attempt.endedBy(Ending.byTimer(Budget.DNS, limit));
            throw unknown("no answer within the budget", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            attempt.endedBy(Ending.byCaller());
            throw unknown("interrupted", e);
        } catch (InterruptedIOException e) {
            throw unknown("canceled", e);
        } finally {
            listener.lookingUp(null);
        }
    }

    // The only exception that OkHttp expects of a name service.
    private static UnknownHostException unknown(String why, @Nullable Throwable cause) {
        UnknownHostException unknown = new UnknownHostException(why);
        unknown.initCause(cause);
        return unknown;
    }
}
