package dev.llmproxy.diagnosis;

import java.nio.file.Path;
import java.util.List;

/** How many local ports of this machine are taken, those that wait for their time to run out among them. Linux only. */
final class LocalPorts {
    private LocalPorts() {}

    static Gauge ofThisMachine() {
        return in(Path.of("/proc"));
    }

    static Gauge in(Path proc) {
        List<String> range = SmallFiles.lines(proc.resolve("sys/net/ipv4/ip_local_port_range"));
        Path sockets = proc.resolve("net/sockstat");
        long inUse = field(sockets, "TCP:", "inuse");
        long waiting = field(sockets, "TCP:", "tw");
        if (range.isEmpty() || inUse < 0 || waiting < 0) {
            return Gauge.UNKNOWN;
        }
        String[] ends = range.get(0).split("\t", -1);
        long ports = SmallFiles.number(ends[ends.length - 1]) - SmallFiles.number(ends[0]) + 1;
        return new Gauge(inUse + waiting + Math.max(0, field(proc.resolve("net/sockstat6"), "TCP6:", "inuse")), ports);
    }

    // Lines such as "TCP: inuse 5 orphan 0 tw 12 alloc 7 mem 1".
    private static long field(Path file, String line, String name) {
        for (String text : SmallFiles.lines(file)) {
            int at = text.startsWith(line) ? text.indexOf(" " + name + " ") : -1;
            if (at >= 0) {
                return SmallFiles.number(text.substring(at + name.length() + 2));
            }
        }
        return Machine.UNKNOWN;
    }
}
