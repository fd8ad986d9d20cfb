package dev.llmproxy.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import okio.ByteString;

/**
 * The page around a report: markup, style and script from the resources beside this class, and the policy that lets just
 * these run.
 */
final class Shell {
    private static final List<String> STYLES =
            List.of("theme.css", "layout.css", "findings.css", "charts.css", "calls.css");
    private static final List<String> SCRIPTS = List.of(
            "text.js",
            "dom.js",
            "model.js",
            "findings.js",
            "tiles.js",
            "axes.js",
            "charts.js",
            "waterfall.js",
            "calls.js",
            "theme.js",
            "page.js",
            "live.js");
    private static final String STYLE = together(STYLES);
    private static final String SCRIPT = "(() => {\n'use strict';\n" + together(SCRIPTS) + "})();\n";

    static final Shell FILE = new Shell("file", "");
    static final Shell LIVE = new Shell("live", "; connect-src 'self'");

    private final String policy;
    private final String[] parts;

    private Shell(String mode, String connections) {
        this.policy = "default-src 'none'; style-src " + hash(STYLE) + "; script-src " + hash(SCRIPT)
                + "; img-src data:; base-uri 'none'; form-action 'none'" + connections;
        String page = resource("page.html")
                .replace("@mode@", mode)
                .replace("@policy@", policy)
                .replace("@style@", STYLE)
                .replace("@script@", SCRIPT);
        this.parts = new String[] {
            until(page, "@findings@"),
            between(page, "@findings@", "@text@"),
            between(page, "@text@", "@data@"),
            page.substring(page.indexOf("@data@") + "@data@".length())
        };
    }

    private static String until(String page, String mark) {
        return page.substring(0, page.indexOf(mark));
    }

    private static String between(String page, String from, String to) {
        return page.substring(page.indexOf(from) + from.length(), page.indexOf(to));
    }

    /** Returns the sources that a browser accepts, for a header or a meta element. */
    String policy() {
        return policy;
    }

    // What is put in is never searched for marks.
    String around(String findings, String text, String data) {
        return parts[0] + findings + parts[1] + text + parts[2] + data + parts[3];
    }

    private static String hash(String source) {
        return "'sha256-" + ByteString.encodeUtf8(source).sha256().base64() + "'";
    }

    private static String together(List<String> names) {
        return names.stream().map(Shell::resource).collect(Collectors.joining());
    }

    private static String resource(String name) {
        try (InputStream in = Shell.class.getResourceAsStream("page/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
