package okhttp3.internal.concurrent;

/** Stands for OkHttp's class of this name, which this module does not have. */
public final class TaskRunner {
    private TaskRunner() {}

    /** Waits as OkHttp's threads do for their next task. */
    public static void awaitTaskToRun(Runnable wait) {
        wait.run();
    }
}
