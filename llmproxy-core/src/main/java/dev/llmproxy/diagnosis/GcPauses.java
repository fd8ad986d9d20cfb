package dev.llmproxy.diagnosis;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import dev.llmproxy.chain.Ticker;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.time.Duration;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** Notes when the collection of garbage stopped all threads, by the notices of the JVM. Thread-safe. */
final class GcPauses implements AutoCloseable {
    private final Stalls stalls;
    private final Ticker ticker;
    private volatile long zero;
    private volatile boolean isCalibrated;
    private final RuntimeMXBean process = ManagementFactory.getRuntimeMXBean();
    private final List<Collector> collectors =
            ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
                    .filter(bean -> stopsAll(bean.getName()))
                    .map(Collector::new)
                    .toList();

    GcPauses(Stalls stalls, Ticker ticker) {
        this.stalls = stalls;
        this.ticker = ticker;
        collectors.forEach(Collector::listen);
    }

    // The others run beside the application.
    static boolean stopsAll(String collector) {
        return !collector.contains("Cycles") && !collector.contains("Concurrent");
    }

    // The JVM counts these times in milliseconds from somewhere in its start, and tells nobody from where: a notice is
    // stamped with the time of day at which its collection ended.
    private void calibrate(long stampMillis, GcInfo info) {
        long age = ticker.now().toEpochMilli() - stampMillis;
        zero = ticker.nanos() - Duration.ofMillis(age + info.getEndTime()).toNanos();
        isCalibrated = true;
    }

    private void note(GcInfo info) {
        long begin = isCalibrated
                ? zero
                : ticker.nanos() - Duration.ofMillis(process.getUptime()).toNanos();
        long end = begin + Duration.ofMillis(info.getEndTime()).toNanos();
        stalls.add(end - Duration.ofMillis(info.getDuration()).toNanos(), end);
    }

    /** Returns how long all of them took so far. It is known at once, while the notices may be late. */
    long totalNanos() {
        long millis = 0;
        for (Collector collector : collectors) {
            millis += Math.max(0, collector.bean.getCollectionTime());
        }
        return Duration.ofMillis(millis).toNanos();
    }

    /** Notes the last collection of each collector: its notice comes on another thread, and may be on its way. */
    void catchUp() {
        collectors.forEach(Collector::catchUp);
    }

    @Override
    public void close() {
        collectors.forEach(Collector::leave);
    }

    @Override
    public String toString() {
        return "pauses of " + collectors;
    }

    private final class Collector implements NotificationListener {
        private final GarbageCollectorMXBean bean;
        private long told;
        private long caughtUpWith;

        Collector(GarbageCollectorMXBean bean) {
            this.bean = bean;
        }

        void listen() {
            if (bean instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(this, null, null);
            }
        }

        @Override
        public synchronized void handleNotification(Notification notice, @Nullable Object handback) {
            if (notice.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                    && notice.getUserData() instanceof CompositeData data) {
                GcInfo info = GarbageCollectionNotificationInfo.from(data).getGcInfo();
                told = info.getId();
                boolean isNoted = told == caughtUpWith && isCalibrated;
                calibrate(notice.getTimeStamp(), info);
                if (!isNoted) {
                    note(info);
                }
            }
        }

        synchronized void catchUp() {
            GcInfo last = bean.getLastGcInfo();
            if (last != null && last.getId() > Math.max(told, caughtUpWith)) {
                caughtUpWith = last.getId();
                note(last);
            }
        }

        void leave() {
            if (bean instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(this);
                } catch (ListenerNotFoundException e) {
                    // Then there is nothing to leave.
                }
            }
        }

        @Override
        public String toString() {
            return bean.getName();
        }
    }
}
