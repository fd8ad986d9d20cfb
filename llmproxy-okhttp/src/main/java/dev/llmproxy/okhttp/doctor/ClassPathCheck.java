package dev.llmproxy.okhttp.doctor;

import java.net.URL;
import java.util.List;
import okhttp3.OkHttp;

/** One OkHttp, one Okio and one Kotlin, of versions that are known to work. */
final class ClassPathCheck implements Check {
    private static final String OKHTTP = "okhttp3/OkHttpClient.class";

    @Override
    public String name() {
        return "classpath";
    }

    @Override
    public Finding examine(Visit visit) {
        List<URL> okHttps = visit.patient().places().apply(OKHTTP);
        if (okHttps.size() > 1) {
            visit.block("two versions of OkHttp are on the class path");
            return Finding.fail(name(), "OkHttp is " + okHttps.size() + " times on the class path")
                    .evidence("places", okHttps)
                    .action("pin com.squareup.okhttp3:okhttp and com.squareup.okhttp3:okhttp-jvm to the same version"
                            + " in dependencyManagement");
        }
        for (String other : List.of("okio/Buffer.class", "kotlin/Unit.class")) {
            List<URL> places = visit.patient().places().apply(other);
            if (places.size() > 1) {
                return Finding.warn(name(), other + " is " + places.size() + " times on the class path")
                        .evidence("places", places)
                        .action("keep one of them: which class comes from where is a matter of luck");
            }
        }
        return version(version());
    }

    Finding version(String version) {
        return isKnown(version)
                ? Finding.ok(name(), "OkHttp " + version + ", once")
                : Finding.warn(name(), "OkHttp " + version + " is not one that is known to work")
                        .action("use OkHttp 4.12.0 or 5.x");
    }

    private static boolean isKnown(String version) {
        return version.startsWith("4.12.") || version.startsWith("5.");
    }

    // Read by reflection: the compiler would write the version of the build in its place.
    private static String version() {
        try {
            return String.valueOf(OkHttp.class.getField("VERSION").get(null));
        } catch (ReflectiveOperationException e) {
            return "unknown";
        }
    }
}
