package dev.llmproxy.fake;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Keeps what is logged while it is open. For modules that have Logback in their tests. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Level before;

    private CapturedLog(String name, Level level) {
        this.logger = (Logger) LoggerFactory.getLogger(name);
        this.before = logger.getLevel();
        logger.setLevel(level);
        logger.addAppender(this);
        setContext(logger.getLoggerContext());
        start();
    }

    /** Returns what is logged from now on by a logger and those below it, at any level. */
    public static CapturedLog of(String name) {
        return new CapturedLog(name, Level.TRACE);
    }

    /** Returns what is logged from now on by a logger and those below it, at a level and above. */
    public static CapturedLog of(String name, org.slf4j.event.Level level) {
        return new CapturedLog(name, Level.convertAnSLF4JLevel(level));
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        events.add(event);
    }

    /** Returns the lines: level, end of the logger's name, sentence. */
    public List<String> lines() {
        return events.stream().map(CapturedLog::line).toList();
    }

    private static String line(ILoggingEvent event) {
        String name = event.getLoggerName();
        return event.getLevel() + " " + name.substring(name.lastIndexOf('.') + 1) + " " + event.getFormattedMessage();
    }

    /** Returns the lines of one level. */
    public List<String> lines(org.slf4j.event.Level level) {
        return lines().stream().filter(line -> line.startsWith(level + " ")).toList();
    }

    /** Returns the facts of the only line that has a part in it. */
    public Map<String, Object> facts(String part) {
        List<ILoggingEvent> found =
                events.stream().filter(event -> line(event).contains(part)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " lines with \"" + part + "\" in " + lines());
        }
        return found.get(0).getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }

    /** Returns all that a log could show: sentences, facts, exceptions, names of threads. */
    public String everything() {
        return events.stream()
                .map(event -> event.getLoggerName() + " " + event.getThreadName() + " " + event.getFormattedMessage()
                        + " " + event.getKeyValuePairs() + " " + event.getMDCPropertyMap() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .collect(Collectors.joining("\n"));
    }

    /** Forgets what was logged. */
    public void clear() {
        events.clear();
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
        stop();
    }
}
