package dev.llmproxy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collections;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** What the SDKs bring to the class path, and what llmproxy-okhttp makes of it. */
class ClassPathTest {
    @Test
    void thereIsOneOkHttpAlthoughTheSdksBringAnother() throws IOException {
        ClassLoader loader = OkHttpClient.class.getClassLoader();
        assertThat(Collections.list(loader.getResources("okhttp3/OkHttpClient.class")))
                .singleElement()
                .asString()
                .contains("okhttp-jvm");
    }
}
