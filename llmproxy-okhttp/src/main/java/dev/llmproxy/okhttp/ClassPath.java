package dev.llmproxy.okhttp;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import okhttp3.OkHttpClient;

/** Looks for a second OkHttp: with two on the class path, which class comes from where is a matter of luck. */
final class ClassPath {
    private static volatile boolean checked;

    private ClassPath() {}

    static void check() {
        if (!checked) {
            List<URL> places = placesOf("okhttp3/OkHttpClient.class");
            if (places.size() > 1) {
                throw new IllegalStateException("OkHttp: " + places.size() + " versions on the class path, " + places
                        + " (expected: one; pin com.squareup.okhttp3:okhttp and com.squareup.okhttp3:okhttp-jvm to the"
                        + " same version in dependencyManagement)");
            }
            checked = true;
        }
    }

    /** Returns where a class comes from: the first is the one that is used. */
    static List<URL> placesOf(String resource) {
        ClassLoader loader = OkHttpClient.class.getClassLoader();
        try {
            return loader == null ? List.of() : Collections.list(loader.getResources(resource));
        } catch (IOException e) {
            // Not readable is not twice.
            return List.of();
        }
    }
}
