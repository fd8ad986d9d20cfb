package dev.llmproxy.okhttp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;

/** A socket whose silence is limited to the budget for connecting until its connection is there. */
final class CallSocket extends Socket {
    private volatile int limitMillis;
    private int askedMillis;

    /** Limits silence to this from now on. */
    void limit(int millis) {
        limitMillis = millis;
    }

    /** Limits silence to this from now on, on a socket that is in use. */
    void limitNow(int millis) {
        limitMillis = millis;
        try {
            setSoTimeout(askedMillis);
        } catch (SocketException e) {
            // Closed meanwhile: whoever uses it sees that.
        }
    }

    /** Lets silence be as long as is asked for. What was asked for before is asked for again by every exchange. */
    void lift() {
        limitMillis = 0;
    }

    /** Closes the socket; whoever reads from it gets an exception. */
    void abort() {
        try {
            close();
        } catch (IOException e) {
            // Closed as well as it can be.
        }
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        // OkHttp asks for none when a connection is HTTP/2, and never again: it is there then, told or not.
        askedMillis = millis;
        int limit = limitMillis;
        super.setSoTimeout(limit == 0 || millis < limit ? millis : limit);
    }
}
