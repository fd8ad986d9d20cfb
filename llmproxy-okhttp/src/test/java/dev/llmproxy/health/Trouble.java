package dev.llmproxy.health;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What can be wrong with the process that calls: each of it for real, for as long as the process lives. */
public enum Trouble {
    /** Keeps so many megabytes of small objects, and makes garbage beside them without end. */
    HEAP {
        @Override
        void begin(int megabytes) {
            BALLAST.begin(megabytes);
            for (int i = 0; i < 4; i++) {
                start(Trouble::litter);
            }
        }
    },

    /** Keeps so many megabytes of small objects: to look at them all takes a while. */
    BALLAST {
        @Override
        void begin(int megabytes) {
            Object[] small = new Object[megabytes * SMALL_OBJECTS_IN_A_MEGABYTE];
            for (int i = 0; i < small.length; i++) {
                small[i] = new byte[SMALL];
            }
            KEPT.add(small);
        }
    },

    /** Computes on so many threads. */
    CPU {
        @Override
        void begin(int threads) {
            // Together: those that spin already would keep the others from being started.
            CountDownLatch all = new CountDownLatch(1);
            for (int i = 0; i < threads; i++) {
                start(() -> {
                    waitFor(all, Long.MAX_VALUE);
                    spin();
                });
            }
            all.countDown();
        }
    },

    /** Opens files until no descriptor is left, but for so many. */
    DESCRIPTORS {
        @Override
        void begin(int left) {
            List<FileInputStream> open = new ArrayList<>();
            try {
                while (true) {
                    open.add(new FileInputStream("/dev/null"));
                }
            } catch (IOException e) {
                close(open, left);
            }
            KEPT.addAll(open);
        }
    },

    /** Starts threads, with stacks of so many megabytes each, until no more can be started. */
    THREADS {
        @Override
        void begin(int megabytes) {
            for (long stack = (long) megabytes << 20; stack >= 1 << 18; stack /= 2) {
                try {
                    while (true) {
                        Thread thread = new Thread(null, Trouble::sleep, "idle", stack);
                        thread.setDaemon(true);
                        thread.start();
                    }
                } catch (OutOfMemoryError e) {
                    // The rest is filled with smaller ones.
                }
            }
        }
    },

    /** Collects garbage once, so many milliseconds later, and says so. */
    COLLECTION {
        @Override
        void begin(int millis) {
            start(() -> {
                waitFor(NEVER, millis);
                System.gc();
                TroubledClient.say("collected");
            });
        }
    };

    private static final int SMALL = 16;
    private static final int SMALL_OBJECTS_IN_A_MEGABYTE = (1 << 20) / (SMALL + 16 + 4);
    private static final List<Object> KEPT = Collections.synchronizedList(new ArrayList<>());
    private static final Object[] LITTER = new Object[1];
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Brings this process into trouble. */
    abstract void begin(int much);

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "trouble");
        thread.setDaemon(true);
        thread.start();
    }

    private static void litter() {
        while (true) {
            try {
                LITTER[0] = new byte[1 << 14];
            } catch (OutOfMemoryError e) {
                // Goes on: that is the trouble.
            }
        }
    }

    private static void spin() {
        while (NEVER.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    private static void sleep() {
        waitFor(NEVER, Long.MAX_VALUE);
    }

    private static void waitFor(CountDownLatch latch, long millis) {
        try {
            var unused = latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(List<FileInputStream> open, int count) {
        try {
            for (int i = 0; i < count; i++) {
                open.remove(open.size() - 1).close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
