package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.FaultFamily;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a page for each cause of a fault, and one that lists them all. */
final class FaultPages {
    static final String INDEX = "docs/faults/README.md";
    private static final String TESTS = "llmproxy-examples/src/test/java/dev/llmproxy/examples/";
    private static final List<String> MODULES = List.of("core", "okhttp", "schema");

    private final Map<FaultCause, FaultProse> prose = FaultProse.all();
    private final Map<FaultCause, FaultScenes.Play> scenes = FaultScenes.all();
    private final List<String> sources = MODULES.stream()
            .flatMap(module -> Sources.main("llmproxy-" + module).stream())
            .filter(file -> !file.toString().contains("/fault/"))
            .map(Sources::text)
            .toList();

    /** Returns each page by the path of its file. */
    Map<String, String> all() {
        Map<String, String> pages = new TreeMap<>();
        pages.put(INDEX, index());
        for (FaultCause cause : FaultCause.values()) {
            pages.put(cause.page(), page(cause));
        }
        return pages;
    }

    /** Says whether anything in the code makes this cause of a fault, or only asks for it. */
    boolean isRaised(FaultCause cause) {
        Pattern named = Pattern.compile("(?<![=!]= )FaultCause[.#]" + cause.name() + "\\b");
        return sources.stream().anyMatch(source -> named.matcher(source).find());
    }

    private String page(FaultCause cause) {
        FaultProse words = Objects.requireNonNull(prose.get(cause), cause.name());
        StringBuilder page = new StringBuilder("# `" + cause.code() + "`: " + cause.title() + "\n\n");
        lines(page, words.what);
        page.append("\n## How it is recognised\n\n");
        if (isRaised(cause)) {
            lines(page, words.recognised);
        } else {
            page.append("**This version does not tell it yet.**\n");
        }
        page.append("\n## How to resolve it\n\n");
        lines(page, words.resolve);
        page.append("\n## How to reproduce it\n\n");
        reproduce(page, cause, words);
        page.append("\n## What follows from it\n\n").append(facts(cause));
        return page.append("\n[All faults](README.md) · [What a fault is](../faults.md)\n")
                .toString();
    }

    private void reproduce(StringBuilder page, FaultCause cause, FaultProse words) {
        lines(page, words.reproduce);
        FaultScenes.Play play = scenes.get(cause);
        if (play != null) {
            String file = TESTS + play.file();
            page.append("```java\n")
                    .append(body(play))
                    .append("```\n\nFrom [")
                    .append(play.file())
                    .append("](../../")
                    .append(file)
                    .append("),\nwhich the build runs; [what the names mean](README.md#how-to-read-the-examples).\n");
        }
    }

    /** Returns the lines of a scene between its braces. */
    private static String body(FaultScenes.Play play) {
        String source = Sources.text(Sources.project(TESTS + play.file()));
        String head = "    void " + play.scene().getName() + "() {\n";
        int from = source.indexOf(head) + head.length();
        return source.substring(from, source.indexOf("\n    }\n", from)).stripIndent() + "\n";
    }

    private static void lines(StringBuilder page, List<String> lines) {
        lines.forEach(line -> page.append(line).append('\n'));
    }

    private static String facts(FaultCause cause) {
        return "| | |\n|---|---|\n"
                + row("constant", "`FaultCause." + cause.name() + "`")
                + row("kind", word(cause.kind()) + ": " + meaning(cause.kind()))
                + row("who can change it", word(cause.blame()))
                + row("sent again, where retries are set", meaning(cause.retry()))
                + row("may have been billed", meaning(cause.billed()))
                + row("what it speaks against when it persists", meaning(cause.ejects()))
                + row("a stale answer may stand in", cause.stale() ? "yes" : "no")
                + row("an equal call would fail alike", cause.shared() ? "yes" : "not necessarily");
    }

    private static String row(String name, String value) {
        return "| " + name + " | " + value + " |\n";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String meaning(FaultCause.Kind kind) {
        return switch (kind) {
            case FAILURE -> "it ends the attempt";
            case FINDING -> "the answer is handed on, and an event tells it";
            case EITHER ->
                "a failure where it is certain or comes as an error, else a finding in an answer that is handed on";
            case CONDITION -> "a state, told by an event; no call fails by it";
        };
    }

    private static String meaning(FaultCause.Retry retry) {
        return switch (retry) {
            case NOW -> "at once";
            case BACKOFF -> "after a pause that grows";
            case ONCE -> "once";
            case AFTER_HEADER -> "when the provider says";
            case FAILOVER -> "at another deployment only";
            case OTHER_KEY -> "with another key, else at another deployment";
            case REFRESH -> "with a new token, once";
            case NO -> "no";
        };
    }

    private static String meaning(FaultCause.Billed billed) {
        return switch (billed) {
            case NEVER -> "no";
            case POSSIBLE -> "possibly";
            case YES -> "yes, where the request was sent";
        };
    }

    private static String meaning(FaultCause.Ejects ejects) {
        return switch (ejects) {
            case NOTHING -> "nothing";
            case KEY -> "the key";
            case ENDPOINT -> "the endpoint";
            case MODEL -> "the model at that endpoint";
        };
    }

    private String index() {
        StringBuilder page = new StringBuilder("""
                # All faults

                One page for each cause: what it is, how it is recognised, how to resolve it, how to reproduce it. The last line of
                `fault.explain()` names the page. A cause marked with * is not told by this version yet.
                """);
        for (FaultFamily family : FaultFamily.values()) {
            page.append("\n## ")
                    .append(title(family))
                    .append("\n\n| code | what it is | who can change it |\n|---|---|---|\n");
            for (FaultCause cause : FaultCause.values()) {
                if (cause.family() == family) {
                    page.append(entry(cause));
                }
            }
        }
        return page.append(READING).toString();
    }

    private String entry(FaultCause cause) {
        String mark = isRaised(cause) ? "" : " *";
        return "| [`" + cause.code() + "`](" + cause.code() + ".md)" + mark + " | " + cause.title() + " | "
                + word(cause.blame()) + " |\n";
    }

    private static String title(FaultFamily family) {
        String words = word(family).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Returns the paths of pages that no cause has any more. */
    static List<String> strays(Map<String, String> pages) {
        return Sources.documents().stream()
                .filter(file -> Sources.project("docs/faults").equals(file.getParent()))
                .map(Path::getFileName)
                .map(name -> "docs/faults/" + name)
                .filter(path -> !pages.containsKey(path))
                .collect(Collectors.toList());
    }

    private static final String READING = """

            ## How to read the examples

            Each is the body of a method that the build runs, and that has to make just this cause be told. The names in it come from
            [FaultScene.java](../../llmproxy-examples/src/test/java/dev/llmproxy/examples/FaultScene.java):

            | | |
            |---|---|
            | `provider` | a [`ScriptedProvider`](../testing.md) |
            | `Replies` | answers of real formats for it ([Replies.java](../../llmproxy-examples/src/main/java/dev/llmproxy/examples/Replies.java)) |
            | `proxy`, `client` | the builders of the `LlmProxy` and of the `OkHttpClient` that it wraps |
            | `ask()`, `askForStream()` | sends a call to the provider through the proxy, reads its answer and ignores what it throws |
            | `chat(prompt)`, `streamed(path)`, `wrapped()` | such a call, and the wrapped client, where an example changes them |
            | `SHORT`, `PATH`, `KEY` | 300 ms, `/v1/chat/completions`, a key for tests |

            Where a page has words in place of an example, the cause needs what a test of one process cannot have: another machine, rights
            of its own, HTTP/2.
            """;
}
