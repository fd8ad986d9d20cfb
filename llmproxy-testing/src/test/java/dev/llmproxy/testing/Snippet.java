package dev.llmproxy.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Code of the documentation, with what makes a compilation unit of it. */
final class Snippet extends SimpleJavaFileObject {
    private static final String IMPORTS = "import dev.llmproxy.testing.*; import java.net.http.*; import java.time.*;"
            + " import org.junit.jupiter.api.extension.*;";

    private final String members;

    private Snippet(String members) {
        super(URI.create("string:///Snippet.java"), Kind.SOURCE);
        this.members = members;
    }

    static Snippet ofExpressions(List<String> expressions) {
        return ofStatements(
                expressions.stream().map(code -> "use(" + code + ");").collect(Collectors.joining("\n")));
    }

    static Snippet ofStatements(String statements) {
        return new Snippet("static void use(Object it) {} static String body; static ScriptedProvider provider;"
                + " void run() throws Exception {\n" + statements.replace("provider = ", "started = ") + "\n}");
    }

    static Snippet ofDeclarations(String declarations) {
        return new Snippet(declarations);
    }

    /** Compiles and returns what the compiler has to say. */
    List<String> errors(Path out) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-d", out.toString());
        compiler.getTask(null, null, diagnostics, options, null, List.of(this)).call();
        return diagnostics.getDiagnostics().stream().map(Object::toString).toList();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return IMPORTS + " class Snippet {\n" + members + "\n}";
    }
}
