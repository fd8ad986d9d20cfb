package dev.llmproxy.dialect;

import java.util.Iterator;

/** The first events of a stream of server-sent events, for a look at what they say. The last one may be incomplete. */
final class FirstEvents {
    private static final int MAX_EVENTS = 64;

    private final Iterator<String> lines;
    private int events;
    private String name = "";
    private String data = "";

    FirstEvents(String beginning) {
        this.lines = beginning.lines().iterator();
    }

    /** Goes on to the next event that has data. */
    boolean next() {
        do {
            readEvent();
        } while (data.isEmpty() && lines.hasNext());
        events++;
        return !data.isEmpty() && events <= MAX_EVENTS;
    }

    private void readEvent() {
        name = "";
        StringBuilder allData = new StringBuilder();
        String line = nextLine();
        while (!line.isEmpty()) {
            if (line.startsWith("event:")) {
                name = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                allData.append(line, "data:".length(), line.length()).append('\n');
            }
            line = nextLine();
        }
        data = allData.toString();
    }

    private String nextLine() {
        return lines.hasNext() ? lines.next() : "";
    }

    String name() {
        return name;
    }

    String data() {
        return data;
    }
}
