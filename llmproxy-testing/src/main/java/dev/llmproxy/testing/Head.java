package dev.llmproxy.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What stands before the body of an answer: informational responses, status line, header lines. Immutable. */
record Head(List<String> informational, String statusLine, List<String> lines) {
    /** Nothing at all: what follows is not HTTP. */
    static final Head NONE = new Head(List.of(), "", List.of());

    static Head status(int status) {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status: " + status + " (expected: 100 to 999)");
        }
        return new Head(List.of(), "HTTP/1.1 " + status + " Scripted", List.of());
    }

    Head statusLine(String line) {
        return new Head(informational, line, lines);
    }

    Head after(String block) {
        return new Head(added(informational, block), statusLine, lines);
    }

    Head with(String line) {
        return new Head(informational, statusLine, added(lines, line));
    }

    Head without(String name) {
        return new Head(
                informational,
                statusLine,
                lines.stream().filter(line -> !names(line, name)).toList());
    }

    boolean has(String name) {
        return lines.stream().anyMatch(line -> names(line, name));
    }

    boolean has(String name, String value) {
        return lines.stream()
                .anyMatch(line -> names(line, name)
                        && line.substring(name.length() + 1).strip().equalsIgnoreCase(value));
    }

    /** Returns whether HTTP forbids a body after this status line. */
    boolean bodiless() {
        return statusLine.matches("HTTP/1\\.[01] (1\\d\\d|204|304)( .*)?");
    }

    byte[] bytes() {
        if (statusLine.isEmpty()) {
            return new byte[0];
        }
        StringBuilder text = new StringBuilder();
        informational.forEach(text::append);
        text.append(statusLine).append("\r\n");
        lines.forEach(line -> text.append(line).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean names(String line, String name) {
        return line.regionMatches(true, 0, name + ":", 0, name.length() + 1);
    }

    private static List<String> added(List<String> list, String item) {
        List<String> longer = new ArrayList<>(list);
        longer.add(item);
        return List.copyOf(longer);
    }
}
