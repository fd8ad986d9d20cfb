package dev.llmproxy.okhttp.doctor;

import java.io.Console;
import java.util.Map;

/** What the place can show that this process prints to. */
final class Terminal {
    private Terminal() {}

    /** Says whether somebody looks at a terminal. */
    @SuppressWarnings("SystemConsoleNull") // asked further below
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console also where there is no terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Says whether colours are wanted: https://no-color.org. */
    static boolean wantsColours(boolean terminal, Map<String, String> environment) {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }
}
