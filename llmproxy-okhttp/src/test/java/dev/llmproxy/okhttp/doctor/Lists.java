package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.testing.Reply;

/** Lists of models as the providers write them, and answers to those who ask without a key. */
final class Lists {
    static final String OPENAI =
            "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":1715367049,"
                    + "\"owned_by\":\"system\"},{\"id\":\"gpt-4o-mini\",\"object\":\"model\",\"created\":1721172741,"
                    + "\"owned_by\":\"system\"}]}";
    static final String ANTHROPIC = "{\"data\":[{\"type\":\"model\",\"id\":\"claude-sonnet-4-20250514\","
            + "\"display_name\":\"Claude Sonnet 4\",\"created_at\":\"2025-05-14T00:00:00Z\"}],"
            + "\"has_more\":false,\"first_id\":\"claude-sonnet-4-20250514\","
            + "\"last_id\":\"claude-sonnet-4-20250514\"}";
    static final String GEMINI = "{\"models\":[{\"name\":\"models/gemini-2.5-flash\",\"version\":\"001\","
            + "\"displayName\":\"Gemini 2.5 Flash\",\"supportedGenerationMethods\":[\"generateContent\"]}]}";
    static final String OLLAMA = "{\"models\":[{\"name\":\"llama3.2:latest\",\"model\":\"llama3.2:latest\","
            + "\"modified_at\":\"2025-05-04T17:37:44Z\",\"size\":2019393189,\"details\":{\"family\":\"llama\"}}]}";
    static final String COHERE = "{\"models\":[{\"name\":\"command-a-03-2025\",\"is_deprecated\":false,"
            + "\"endpoints\":[\"generate\",\"chat\"]}],\"next_page_token\":\"\"}";
    static final String MISTRAL = "{\"object\":\"list\",\"data\":[{\"id\":\"mistral-large-2411\",\"object\":\"model\","
            + "\"capabilities\":{\"completion_chat\":true},\"aliases\":[\"mistral-large-latest\"]}]}";
    static final String TOGETHER = "[{\"id\":\"meta-llama/Llama-3.3-70B-Instruct-Turbo\",\"object\":\"model\"}]";

    private static final String NO_KEY =
            "{\"error\":{\"message\":\"You didn't provide an API key.\",\"type\":\"invalid_request_error\","
                    + "\"param\":null,\"code\":null}}";

    private Lists() {}

    static Reply openAi() {
        return Reply.json(200, OPENAI);
    }

    static Reply unauthorized() {
        return Reply.json(401, NO_KEY);
    }
}
