package dev.llmproxy.okhttp;

import okhttp3.OkHttp;

/** The version of OkHttp that is there at run time. */
final class OkHttpVersion {
    private OkHttpVersion() {}

    static boolean isFour() {
        try {
            // Read by reflection: the compiler would write the version of the build in its place.
            return String.valueOf(OkHttp.class.getField("VERSION").get(null)).startsWith("4.");
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
