package dev.llmproxy.diagnosis;

import java.util.List;
import java.util.Optional;

/**
 * A provider that is known by name.
 *
 * @param name its name
 * @param domain the domain of its API
 * @param baseUrl where its API begins; empty where that differs from customer to customer
 * @param keyBeginnings how its keys begin, where nobody else's do
 */
record Vendor(String name, String domain, String baseUrl, List<String> keyBeginnings) {
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

    private static Vendor of(String name, String domain, String baseUrl, String... keyBeginnings) {
        return new Vendor(name, domain, baseUrl, List.of(keyBeginnings));
    }

    static Optional<Vendor> at(String host) {
        return ALL.stream().filter(vendor -> vendor.serves(host)).findFirst();
    }

    boolean serves(String host) {
        return host.equals(domain) || host.endsWith('.' + domain);
    }

    /** Finds whose key a text echoes, masked or not. */
    static Optional<Vendor> ofKeyIn(String text) {
        return ALL.stream()
                .filter(vendor -> vendor.keyBeginnings.stream().anyMatch(key -> beginsWord(key, text)))
                .findFirst();
    }

    private static boolean beginsWord(String key, String text) {
        int at = text.indexOf(key);
        return at == 0 || (at > 0 && !Character.isLetterOrDigit(text.charAt(at - 1)));
    }
}
