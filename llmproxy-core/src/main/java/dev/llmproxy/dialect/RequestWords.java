package dev.llmproxy.dialect;

import dev.llmproxy.dialect.Place.Told;
import java.util.Arrays;

/**
 * What a dialect calls that which matters for repeating a request: where it stands, and which members of the outermost
 * object change no answer. What is not known changes it. Immutable.
 */
final class RequestWords {
    /** OpenAI's formats, all but responses, and those of the servers compatible with them. */
    static final RequestWords OPENAI = new RequestWords(openAi(), openAiLeftOut());
    /** OpenAI's responses. */
    static final RequestWords RESPONSES = new RequestWords(responses(), openAiLeftOut());

    static final RequestWords ANTHROPIC = new RequestWords(anthropic(), "metadata", "service_tier");
    static final RequestWords GEMINI = new RequestWords(gemini(), "labels");
    static final RequestWords OLLAMA = new RequestWords(settings("options."));
    static final RequestWords COHERE = new RequestWords(cohere());
    static final RequestWords BEDROCK = new RequestWords(bedrock(), "requestMetadata", "serviceTier");

    private final Place places;
    private final Word[] leftOut;

    private RequestWords(Place places, String... leftOut) {
        this.places = places;
        this.leftOut = Word.all(leftOut);
    }

    Place places() {
        return places;
    }

    /** Says whether a member of the outermost object changes no answer. */
    boolean leavesOut(byte[] text, int from, int to) {
        for (Word word : leftOut) {
            byte[] name = word.bytes();
            if (Arrays.equals(name, 0, name.length, text, from, to)) {
                return true;
            }
        }
        return false;
    }

    private static String[] openAiLeftOut() {
        return new String[] {
            "user",
            "metadata",
            "service_tier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "safety_identifier",
            "store"
        };
    }

    private static Place settings(String at) {
        return new Place().add(at + "temperature", Told.TEMPERATURE).add(at + "seed", Told.SEED);
    }

    private static Place openAiTools(Place places) {
        return places.add("model", Told.MODEL)
                .add("tools[].type", Told.TOOL_TYPE)
                .add("web_search_options", Told.HOSTED)
                .add("search_parameters", Told.HOSTED) // xAI
                .add("plugins", Told.HOSTED) // OpenRouter
                .add("models[]", Told.MODEL) // OpenRouter, where the first is not to be had
                .add("web_search", Told.HOSTED) // Baidu
                .add("enable_search", Told.HOSTED) // DashScope
                .add("data_sources", Told.HOSTED) // Azure
                .add("store", Told.STORED);
    }

    private static Place openAi() {
        return openAiTools(settings(""))
                .add("random_seed", Told.SEED) // Mistral
                .add("n", Told.CHOICES)
                .add("best_of", Told.CHOICES)
                .add("audio", Told.AUDIO)
                .add("modalities[]", Told.MODALITY)
                .add("messages[].content[].image_url", Told.LOCATION)
                .add("messages[].content[].image_url.url", Told.LOCATION)
                .add("messages[].content[].audio_url.url", Told.LOCATION)
                .add("messages[].content[].video_url.url", Told.LOCATION)
                .add("messages[].content[].document_url", Told.LOCATION)
                .add("input[].image", Told.LOCATION)
                .add("input[].url", Told.LOCATION);
    }

    private static Place responses() {
        return openAiTools(settings(""))
                .add("background", Told.STORED)
                .add("previous_response_id", Told.STATE)
                .add("conversation", Told.STATE)
                .add("prompt", Told.STATE) // kept at OpenAI, where it can be changed
                .add("input[].type", Told.ITEM_TYPE)
                .add("input[].content[].image_url", Told.LOCATION)
                .add("input[].content[].file_url", Told.LOCATION)
                .add("input[].output[].image_url", Told.LOCATION)
                .add("input[].output[].file_url", Told.LOCATION);
    }

    private static Place anthropic() {
        return settings("")
                .add("model", Told.MODEL)
                .add("container", Told.STATE)
                .add("mcp_servers", Told.HOSTED)
                .add("tools[].type", Told.TOOL_TYPE)
                .add("messages[].content[].source.url", Told.LOCATION)
                .add("messages[].content[].source.content[].source.url", Told.LOCATION)
                .add("messages[].content[].content[].source.url", Told.LOCATION);
    }

    // Both ways to write a name are understood there, and any mixture.
    private static Place gemini() {
        Place places = new Place().add("cachedContent", Told.STATE).add("cached_content", Told.STATE);
        for (String settings : new String[] {"generationConfig.", "generation_config."}) {
            places.add(settings + "temperature", Told.TEMPERATURE)
                    .add(settings + "seed", Told.SEED)
                    .add(settings + "candidateCount", Told.CHOICES)
                    .add(settings + "candidate_count", Told.CHOICES)
                    .add(settings + "responseModalities[]", Told.MODALITY)
                    .add(settings + "response_modalities[]", Told.MODALITY);
        }
        for (String file : new String[] {"fileData.", "file_data."}) {
            places.add("contents[].parts[]." + file + "fileUri", Told.LOCATION)
                    .add("contents[].parts[]." + file + "file_uri", Told.LOCATION);
        }
        return places.add("tools[].functionDeclarations", null)
                .add("tools[].function_declarations", null)
                .add("tools[].*", Told.HOSTED);
    }

    private static Place cohere() {
        return settings("")
                .add("connectors", Told.HOSTED)
                .add("conversation_id", Told.STATE)
                .add("num_generations", Told.CHOICES)
                .add("messages[].content[].image_url.url", Told.LOCATION)
                .add("inputs[].content[].image_url.url", Told.LOCATION)
                .add("images[]", Told.LOCATION);
    }

    // Converse, and what the models take by themselves: Anthropic's format, and Amazon's.
    private static Place bedrock() {
        Place places = anthropic()
                .add("inferenceConfig.temperature", Told.TEMPERATURE)
                .add("textGenerationConfig.temperature", Told.TEMPERATURE)
                .add("toolConfig.tools[].toolSpec", null)
                .add("toolConfig.tools[].cachePoint", null)
                .add("toolConfig.tools[].*", Told.HOSTED);
        for (String kind : new String[] {"image", "document", "video"}) {
            places.add("messages[].content[].toolResult.content[]." + kind + ".source.s3Location.uri", Told.LOCATION)
                    .add("messages[].content[]." + kind + ".source.s3Location.uri", Told.LOCATION);
        }
        return places;
    }
}
