package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VendorTest {
    @Test
    void isFoundByItsDomain() {
        assertThat(Vendor.at("api.groq.com").map(Vendor::name)).contains("Groq");
        assertThat(Vendor.at("my.openai.azure.com").map(Vendor::name)).contains("Azure");
        assertThat(Vendor.at("api.groq.com.example")).isEmpty();
        assertThat(Vendor.at("notopenrouter.ai")).isEmpty();
    }

    @Test
    void isAloneWhereNobodyElseAnswers() {
        assertThat(Vendor.alone("api.openai.com").map(Vendor::name)).contains("OpenAI");
        assertThat(Vendor.alone("openrouter.ai")).isEmpty();
        assertThat(Vendor.alone("my.openai.azure.com")).isEmpty();
        assertThat(Vendor.alone("bucket.s3.amazonaws.com")).isEmpty();
        assertThat(Vendor.alone("relay.api.openai.com")).isEmpty();
    }

    @Test
    void isFoundByTheBeginningOfAKey() {
        assertThat(Vendor.ofKey("Bearer sk-ant-api03-x", 7).map(Vendor::name)).contains("Anthropic");
        assertThat(Vendor.ofKey("sk-proj-x", 0).map(Vendor::name)).contains("OpenAI");
        assertThat(Vendor.ofKey("sk-0123456789abcdef", 0)).isEmpty();
        assertThat(Vendor.ofKey("", 0)).isEmpty();
    }

    @Test
    void isFoundByTheKeyThatATextEchoes() {
        assertThat(Vendor.ofKeyIn("gsk_abc***").map(Vendor::name)).contains("Groq");
        assertThat(Vendor.ofKeyIn("provided: sk-or-v1***.").map(Vendor::name)).contains("OpenRouter");
        assertThat(Vendor.ofKeyIn("(AIza***)").map(Vendor::name)).contains("Google");
        assertThat(Vendor.ofKeyIn("0gsk_abc")).isEmpty();
        assertThat(Vendor.ofKeyIn("sk-abc, which may be anyone's")).isEmpty();
    }
}
