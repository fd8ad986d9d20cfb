package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.chain.Ticker;
import dev.llmproxy.fault.OneLine;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One line that is written over and over, on a terminal; nothing anywhere else. For the binding. */
public final class Progress {
    private static final String ERASE_LINE = "\r\u001b[K";
    private static final int WIDTH = 60;

    private final @Nullable PrintStream out;
    private final Ticker ticker = Ticker.system();
    private final long began = ticker.nanos();

    private Progress(@Nullable PrintStream out) {
        this.out = out;
    }

    /**
     * Returns a progress that shows nothing.
     *
     * @return the progress
     */
    public static Progress none() {
        return new Progress(null);
    }

    /**
     * Returns a progress that is shown where this process has a terminal.
     *
     * @param out where it is written
     * @return the progress
     */
    public static Progress on(PrintStream out) {
        return shown(out, Terminal.isThere());
    }

    static Progress shown(PrintStream out, boolean terminal) {
        return new Progress(terminal ? out : null);
    }

    void at(int number, int all, String what) {
        if (out != null) {
            double seconds = (ticker.nanos() - began) / 1e9;
            String line = number + "/" + all + " " + OneLine.of(what, WIDTH);
            out.print(ERASE_LINE + line + String.format(Locale.ROOT, " ... %.1f s", seconds));
            out.flush();
        }
    }

    void end() {
        if (out != null) {
            out.print(ERASE_LINE);
            out.flush();
        }
    }
}
