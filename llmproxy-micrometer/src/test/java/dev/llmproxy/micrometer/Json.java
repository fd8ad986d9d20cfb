package dev.llmproxy.micrometer;

import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A JSON value that is there. */
record Json(Object value) {
    static Json of(String text) throws IOException {
        return new Json(Objects.requireNonNull(
                new Moshi.Builder().build().adapter(Object.class).fromJson(text)));
    }

    boolean has(String name) {
        return ((Map<?, ?>) value).containsKey(name);
    }

    Json at(String name) {
        return new Json(Objects.requireNonNull(((Map<?, ?>) value).get(name), name));
    }

    String text(String name) {
        return at(name).value.toString();
    }

    int number(String name) {
        return ((Double) at(name).value).intValue();
    }

    List<Json> list(String name) {
        return at(name).items();
    }

    List<Json> items() {
        return ((List<?>) value).stream().map(item -> new Json(item)).toList();
    }
}
