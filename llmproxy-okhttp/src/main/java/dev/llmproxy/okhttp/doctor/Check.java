package dev.llmproxy.okhttp.doctor;

import java.io.IOException;

/** Looks at one thing. Runs on a thread of its own, which is left behind when its time is over. */
interface Check {
    /** Returns the name, which stands in the text and in the JSON. */
    String name();

    Finding examine(Visit visit) throws IOException, InterruptedException;
}
