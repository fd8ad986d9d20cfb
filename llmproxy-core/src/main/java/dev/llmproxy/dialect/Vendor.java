package dev.llmproxy.dialect;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A provider that is known by name.
 *
 * @param name its name
 * @param domain the domain of its API
 * @param baseUrl where its API begins; empty where that differs from customer to customer
 * @param keyBeginnings how its keys begin, where nobody else's do
 */
public record Vendor(String name, String domain, String baseUrl, List<String> keyBeginnings) {
    private static final List<Vendor> ALL = List.of(
            of("OpenAI", "api.openai.com", "https://api.openai.com/v1", "sk-proj-", "sk-svcacct-"),
            of("Anthropic", "api.anthropic.com", "https://api.anthropic.com/v1", "sk-ant-"),
            of("Google", "googleapis.com", "https://generativelanguage.googleapis.com/v1beta", "AIza", "ya29."),
            of("OpenRouter", "openrouter.ai", "https://openrouter.ai/api/v1", "sk-or-"),
            of("Groq", "api.groq.com", "https://api.groq.com/openai/v1", "gsk_"),
            of("xAI", "api.x.ai", "https://api.x.ai/v1", "xai-"),
            of("Mistral", "api.mistral.ai", "https://api.mistral.ai/v1"),
            of("DeepSeek", "api.deepseek.com", "https://api.deepseek.com"),
            of("Cohere", "api.cohere.com", "https://api.cohere.com/v2"),
            of("Perplexity", "api.perplexity.ai", "https://api.perplexity.ai", "pplx-"),
            of("Together", "api.together.xyz", "https://api.together.xyz/v1", "tgp_"),
            of("Hugging Face", "huggingface.co", "https://router.huggingface.co/v1", "hf_"),
            of("Cerebras", "api.cerebras.ai", "https://api.cerebras.ai/v1", "csk-"),
            of("Fireworks", "api.fireworks.ai", "https://api.fireworks.ai/inference/v1", "fw_"),
            of("NVIDIA", "api.nvidia.com", "https://integrate.api.nvidia.com/v1", "nvapi-"),
            of("Azure", "azure.com", ""),
            of("Amazon", "amazonaws.com", "", "AKIA", "ASIA", "ABSK"));

    private static final String OPENAI = "api.openai.com";
    private static final String ANTHROPIC = "api.anthropic.com";
    private static final String GEMINI = "generativelanguage.googleapis.com";

    private static final Set<String> EXACT = Set.of(OPENAI, ANTHROPIC, GEMINI);

    // Left out: relays, and clouds in whose domains customers have machines of their own.
    private static final Map<String, Optional<Vendor>> ALONE = Stream.of(
                    OPENAI,
                    ANTHROPIC,
                    GEMINI,
                    "api.groq.com",
                    "api.x.ai",
                    "api.mistral.ai",
                    "api.deepseek.com",
                    "api.cohere.com",
                    "api.perplexity.ai",
                    "api.cerebras.ai")
            .collect(Collectors.toUnmodifiableMap(host -> host, Vendor::at));

    // In one row: each attempt asks.
    private static final KeyBeginning[] KEY_BEGINNINGS = ALL.stream()
            .flatMap(vendor -> vendor.keyBeginnings.stream().map(text -> new KeyBeginning(text, Optional.of(vendor))))
            .toArray(KeyBeginning[]::new);

    private record KeyBeginning(String text, Optional<Vendor> vendor) {}

    private static Vendor of(String name, String domain, String baseUrl, String... keyBeginnings) {
        return new Vendor(name, domain, baseUrl, List.of(keyBeginnings));
    }

    /**
     * Copies the beginnings.
     *
     * @param name its name
     * @param domain the domain of its API
     * @param baseUrl where its API begins
     * @param keyBeginnings how its keys begin
     */
    public Vendor {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(baseUrl, "baseUrl");
        keyBeginnings = List.copyOf(keyBeginnings);
    }

    /**
     * Finds who serves a host.
     *
     * @param host the host, in lower case
     * @return the provider in whose domain it lies
     */
    public static Optional<Vendor> at(String host) {
        return ALL.stream().filter(vendor -> vendor.serves(host)).findFirst();
    }

    /**
     * Finds who serves a host, if nobody but the provider itself can answer there with its own models: no relay, no
     * machine of a customer.
     *
     * @param host the host, in lower case
     * @return the provider
     */
    public static Optional<Vendor> alone(String host) {
        return ALONE.getOrDefault(host, Optional.empty());
    }

    /**
     * Says whether answers from a host name the very model that was asked for, and never the id of another answer: where
     * they do not, they are not what was asked for.
     *
     * @param host the host, in lower case
     * @return whether it is known of that host, which then serves nothing but its owner's models
     */
    public static boolean isExact(String host) {
        return EXACT.contains(host);
    }

    /**
     * Says whether a host lies in the domain of this provider.
     *
     * @param host the host, in lower case
     * @return whether it does
     */
    public boolean serves(String host) {
        return host.equals(domain) || host.endsWith('.' + domain);
    }

    /**
     * Finds whose key a header or a query carries.
     *
     * @param text holds the key
     * @param from where the key begins
     * @return the provider whose keys begin so, and nobody else's
     */
    public static Optional<Vendor> ofKey(String text, int from) {
        for (KeyBeginning beginning : KEY_BEGINNINGS) {
            if (text.startsWith(beginning.text, from)) {
                return beginning.vendor;
            }
        }
        return Optional.empty();
    }

    /**
     * Finds whose key a text echoes, masked or not.
     *
     * @param text what an error says
     * @return the provider whose keys begin like one in the text
     */
    public static Optional<Vendor> ofKeyIn(String text) {
        return ALL.stream()
                .filter(vendor -> vendor.keyBeginnings.stream().anyMatch(key -> beginsWord(key, text)))
                .findFirst();
    }

    private static boolean beginsWord(String key, String text) {
        int at = text.indexOf(key);
        return at == 0 || (at > 0 && !Character.isLetterOrDigit(text.charAt(at - 1)));
    }
}
