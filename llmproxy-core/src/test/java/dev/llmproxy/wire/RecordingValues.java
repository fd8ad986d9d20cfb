package dev.llmproxy.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes down what a scanner shows, one line each; how strings were cut into pieces leaves no trace. */
final class RecordingValues implements JsonValues {
    final List<String> lines = new ArrayList<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final Set<Integer> flowing;

    /** Takes these fields for such that flow. */
    RecordingValues(Integer... flowing) {
        this.flowing = Set.of(flowing);
    }

    @Override
    public boolean flows(int field) {
        return flowing.contains(field);
    }

    @Override
    public void string(int field, byte[] utf8, int from, int to) {
        if (to <= from) {
            lines.add(field + " empty piece");
        }
        text.write(utf8, from, to - from);
    }

    @Override
    public void stringEnd(int field) {
        // Not as UTF-8: that would hide how a lone surrogate is written.
        lines.add(field + " string " + text.toString(StandardCharsets.ISO_8859_1));
        text.reset();
    }

    @Override
    public void number(int field, long value, boolean integral) {
        lines.add(field + " number " + value + (integral ? "" : " and more"));
    }

    @Override
    public void bool(int field, boolean value) {
        lines.add(field + " " + value);
    }

    @Override
    public void nul(int field) {
        lines.add(field + " null");
    }

    @Override
    public void begin(int field, boolean array) {
        lines.add(field + (array ? " [" : " {"));
    }

    @Override
    public void end(int field) {
        lines.add(field + " end");
    }

    @Override
    public void duplicate(int field) {
        lines.add(field + " again");
    }

    @Override
    public void ambiguous() {
        lines.add("ambiguous");
    }

    /** Takes what was recorded, with the beginning of a string that did not end. */
    List<String> take() {
        List<String> taken = new ArrayList<>(lines);
        if (text.size() > 0) {
            taken.add("unfinished " + text.toString(StandardCharsets.ISO_8859_1));
        }
        lines.clear();
        text.reset();
        return taken;
    }
}
