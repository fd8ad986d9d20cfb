package dev.llmproxy.okhttp.doctor;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.util.List;
import okio.Buffer;

/** The findings for programs. For the binding. */
public final class FindingJson {
    private FindingJson() {}

    /**
     * Returns the findings as one JSON object.
     *
     * @param schemaVersion the version of its form
     * @param base the base URL
     * @param findings the findings
     * @return the JSON
     */
    public static String of(int schemaVersion, String base, List<Finding> findings) {
        Buffer buffer = new Buffer();
        try (JsonWriter json = JsonWriter.of(buffer)) {
            json.setIndent("  ");
            json.beginObject();
            json.name("schemaVersion").value(schemaVersion);
            json.name("base").value(base);
            json.name("healthy").value(Checkup.isHealthy(findings));
            json.name("exitCode").value(Checkup.exitCode(findings));
            json.name("checks").beginArray();
            for (Finding finding : findings) {
                write(finding, json);
            }
            json.endArray();
            json.endObject();
        } catch (IOException e) {
            throw new AssertionError("a buffer in memory does not fail", e);
        }
        return buffer.readUtf8();
    }

    private static void write(Finding finding, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("check").value(finding.check());
        json.name("status").value(FindingText.word(finding.status()));
        json.name("summary").value(finding.summary());
        if (finding.fault().isPresent()) {
            json.name("cause").value(finding.fault().get().cause().code());
            json.name("confidence").value(finding.fault().get().confidence());
        }
        strings("evidence", finding.evidence(), json);
        strings("actions", finding.actions(), json);
        json.endObject();
    }

    private static void strings(String name, List<String> texts, JsonWriter json) throws IOException {
        json.name(name).beginArray();
        for (String text : texts) {
            json.value(text);
        }
        json.endArray();
    }
}
