package dev.llmproxy.diagnosis;

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
    void isFoundByTheKeyThatATextEchoes() {
        assertThat(Vendor.ofKeyIn("gsk_abc***").map(Vendor::name)).contains("Groq");
        assertThat(Vendor.ofKeyIn("provided: sk-or-v1***.").map(Vendor::name)).contains("OpenRouter");
        assertThat(Vendor.ofKeyIn("(AIza***)").map(Vendor::name)).contains("Google");
        assertThat(Vendor.ofKeyIn("0gsk_abc")).isEmpty();
        assertThat(Vendor.ofKeyIn("sk-abc, which may be anyone's")).isEmpty();
    }
}
