package dev.llmproxy.dialect;

import dev.llmproxy.wire.Paths;
import java.util.List;

/**
 * Where in the body of a request stands what is read of it. One vocabulary serves all dialects: they have different names
 * for the same thing, but no name for different things.
 */
final class BodyPaths {
    /** The members that are told if they come twice: the first of all fields, in this order. */
    static final List<String> MEMBERS = List.of(
            "max_tokens",
            "max_completion_tokens",
            "model",
            "messages",
            "input",
            "contents",
            "system",
            "tools",
            "stream",
            "temperature");

    static final int MAX_TOKENS = 0;
    static final int MAX_COMPLETION_TOKENS = 1;
    static final int MODEL = 2;
    /** Texts to embed, or one of them. */
    static final int INPUT = 4;

    static final int TOOLS = 7;
    static final int STREAM = 8;
    static final int TEMPERATURE = 9;
    /** The body itself. */
    static final int ROOT = 10;
    /** The limit on the answer's tokens by another name or in another place. */
    static final int OTHER_MAX_TOKENS = 11;
    /** The temperature in another place. */
    static final int OTHER_TEMPERATURE = 12;

    static final int TOOL = 13;
    /** Texts to embed, or one of them, by another name. */
    static final int OTHER_INPUT = 14;
    /** One of several texts, or a number of one. */
    static final int ELEMENT = 15;
    /** Several requests in one. */
    static final int REQUESTS = 16;
    /** One of them. */
    static final int REQUEST = 17;
    /** What is asked for in one of them. */
    static final int REQUEST_DIMENSIONS = 18;

    static final int DIMENSIONS = 19;
    static final int ENCODING = 20;
    static final int NUMBER_KIND = 21;

    static final Paths ALL = all();

    private BodyPaths() {}

    /** Says whether the strings of a field are names. All others are prompts: of them no more is known than their length. */
    static boolean isName(int field) {
        return field == MODEL || field == TOOL || field == ENCODING || field == NUMBER_KIND;
    }

    private static Paths all() {
        Paths.Builder paths = Paths.builder().add("", ROOT);
        addMembers(paths);
        paths.addNumber("max_output_tokens", OTHER_MAX_TOKENS)
                .addNumber("max_tokens_to_sample", OTHER_MAX_TOKENS) // Models of Bedrock.
                .addNumber("max_gen_len", OTHER_MAX_TOKENS);
        addSettings(paths, "generationConfig"); // Gemini.
        addSettings(paths, "generation_config");
        addSettings(paths, "inferenceConfig"); // Bedrock.
        addSettings(paths, "textGenerationConfig");
        addSettings(paths, "options"); // Ollama.
        addTools(paths, "tools[]");
        addTools(paths, "functions[]");
        addTools(paths, "toolConfig.tools[]"); // Bedrock.
        addEmbedding(paths);
        return paths.build();
    }

    private static void addMembers(Paths.Builder paths) {
        for (int field = 0; field < MEMBERS.size(); field++) {
            // Numbers are shown as they are written: one that is a fact may have a fraction.
            paths.addNumber(MEMBERS.get(field), field);
        }
    }

    private static void addSettings(Paths.Builder paths, String at) {
        paths.addNumber(at + ".temperature", OTHER_TEMPERATURE);
        for (String name : List.of(
                "maxOutputTokens",
                "max_output_tokens",
                "maxTokens",
                "max_new_tokens",
                "maxTokenCount",
                "num_predict")) {
            paths.addNumber(at + "." + name, OTHER_MAX_TOKENS);
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

    private static void addEmbedding(Paths.Builder paths) {
        paths.add("input[]", ELEMENT);
        for (String name : List.of("texts", "images", "inputs", "prompt", "content")) {
            paths.add(name, OTHER_INPUT).add(name + "[]", ELEMENT);
        }
        for (String name : List.of("dimensions", "output_dimension", "outputDimensionality", "output_dimensionality")) {
            paths.addNumber(name, DIMENSIONS);
        }
        paths.add("requests", REQUESTS) // Gemini.
                .add("requests[]", REQUEST)
                .addNumber("requests[].outputDimensionality", REQUEST_DIMENSIONS)
                .addNumber("requests[].output_dimensionality", REQUEST_DIMENSIONS)
                .add("encoding_format", ENCODING)
                .add("output_dtype", NUMBER_KIND)
                .add("embedding_type", NUMBER_KIND)
                .add("embed_dtype", NUMBER_KIND); // vLLM
    }
}
