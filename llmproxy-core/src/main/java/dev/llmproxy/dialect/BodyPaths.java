package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;
import java.util.List;

/**
 * Where the facts of a request stand in its body. One vocabulary serves all dialects: they have different names for the
 * same thing, but no name for different things.
 */
final class BodyPaths {
    static final int MODEL = 0;
    static final int STREAM = 1;
    static final int MAX_TOKENS = 2;
    static final int TEMPERATURE = 3;
    static final int TOOL = 4;
    /** Texts to embed, or one of them. */
    static final int INPUT = 5;
    /** One of several texts, or a number of one. */
    static final int ELEMENT = 6;
    /** Several requests in one. */
    static final int REQUESTS = 7;
    /** One of them. */
    static final int REQUEST = 8;
    /** What is asked for in one of them. */
    static final int REQUEST_DIMENSIONS = 9;

    static final int DIMENSIONS = 10;
    static final int ENCODING = 11;
    static final int NUMBER_KIND = 12;

    private static final Paths ANY = common().build();
    private static final Paths EMBEDDING = embedding().build();

    private BodyPaths() {}

    static Paths of(boolean embeds) {
        return embeds ? EMBEDDING : ANY;
    }

    private static Paths.Builder common() {
        Paths.Builder paths = Paths.builder()
                .add("model", MODEL)
                .add("stream", STREAM)
                .addNumber("temperature", TEMPERATURE)
                .addNumber("max_tokens", MAX_TOKENS)
                .addNumber("max_completion_tokens", MAX_TOKENS)
                .addNumber("max_output_tokens", MAX_TOKENS)
                .addNumber("max_tokens_to_sample", MAX_TOKENS) // Models of Bedrock.
                .addNumber("max_gen_len", MAX_TOKENS);
        addSettings(paths, "generationConfig"); // Gemini.
        addSettings(paths, "generation_config");
        addSettings(paths, "inferenceConfig"); // Bedrock.
        addSettings(paths, "textGenerationConfig");
        addSettings(paths, "options"); // Ollama.
        addTools(paths, "tools[]");
        addTools(paths, "functions[]");
        addTools(paths, "toolConfig.tools[]"); // Bedrock.
        return paths;
    }

    private static void addSettings(Paths.Builder paths, String at) {
        paths.addNumber(at + ".temperature", TEMPERATURE);
        for (String name : List.of(
                "maxOutputTokens",
                "max_output_tokens",
                "maxTokens",
                "max_new_tokens",
                "maxTokenCount",
                "num_predict")) {
            paths.addNumber(at + "." + name, MAX_TOKENS);
        }
    }

    private static void addTools(Paths.Builder paths, String at) {
        addTool(paths, at);
        addTool(paths, at + ".tools[]"); // Of a namespace of OpenAI's responses.
        paths.add(at + ".toolSpec.name", TOOL); // Bedrock.
        paths.add(at + ".functionDeclarations[].name", TOOL); // Gemini.
        paths.add(at + ".function_declarations[].name", TOOL);
    }

    private static void addTool(Paths.Builder paths, String at) {
        paths.add(at + ".name", TOOL);
        paths.add(at + ".function.name", TOOL); // OpenAI's chat.
        paths.add(at + ".custom.name", TOOL);
    }

    private static Paths.Builder embedding() {
        Paths.Builder paths = common().add("requests", REQUESTS) // Gemini.
                .add("requests[]", REQUEST)
                .addNumber("requests[].outputDimensionality", REQUEST_DIMENSIONS)
                .addNumber("requests[].output_dimensionality", REQUEST_DIMENSIONS)
                .add("encoding_format", ENCODING)
                .add("output_dtype", NUMBER_KIND)
                .add("embedding_type", NUMBER_KIND);
        for (String name : List.of("input", "texts", "images", "inputs", "prompt", "content")) {
            paths.add(name, INPUT).add(name + "[]", ELEMENT);
        }
        for (String name : List.of("dimensions", "output_dimension", "outputDimensionality", "output_dimensionality")) {
            paths.addNumber(name, DIMENSIONS);
        }
        return paths;
    }
}
