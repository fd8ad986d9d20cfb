package dev.llmproxy.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.fake.RecordedExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the dialects against recorded calls of all providers; skipped where there are no recordings. */
class RecordedExchangesTest {
    private List<RecordedExchange> exchanges = List.of();

    @BeforeEach
    void findRecordings() throws IOException {
        exchanges = RecordedExchange.all();
        assertThat(exchanges).hasSizeGreaterThan(400);
    }

    @Test
    void everyRequestIsRecognised() throws IOException {
        for (RecordedExchange exchange : exchanges) {
            assertThat(Dialect.ofRequest(exchange.request()).map(Dialect::id))
                    .as(exchange.name())
                    .isEqualTo(expectedDialect(exchange));
        }
    }

    @Test
    void everyHealthyAnswerIsRecognisedByItsOwnMarks() throws IOException {
        for (RecordedExchange exchange : exchanges) {
            if (exchange.status() == 200 && exchange.isCall() && !exchange.isGuessedAzure()) {
                Optional<Dialect> found = Dialect.ofAnswer(exchange.answerHeaders(), exchange.answer());
                assertThat(found.map(RecordedExchangesTest::withoutAzure))
                        .as(exchange.name())
                        .isEqualTo(Dialect.ofRequest(exchange.request()).map(RecordedExchangesTest::withoutAzure));
            }
        }
    }

    // Where the recorder left the headers out, an answer of Azure looks like one of OpenAI.
    private static String withoutAzure(Dialect dialect) {
        return dialect.wireFormat().id();
    }

    @Test
    void azuresHeadersAreRecognised() throws IOException {
        for (RecordedExchange exchange : exchanges) {
            if (exchange.status() == 200 && exchange.answerHeaders().contains("apim-request-id")) {
                assertThat(Dialect.ofAnswer(exchange.answerHeaders(), exchange.answer())
                                .map(Dialect::id))
                        .as(exchange.name())
                        .contains("azure-openai");
            }
        }
    }

    @Test
    void factsAreThoseOfAPlainReading() throws IOException {
        for (RecordedExchange exchange : exchanges) {
            Optional<String> body = exchange.requestBody();
            if (body.isPresent()) {
                RequestFacts facts = factsOf(exchange);
                Map<?, ?> json = RecordedExchange.json(body.get());
                assertThat(facts.model()).as(exchange.name()).contains(plainModel(exchange, json));
                assertThat(facts.streaming()).as(exchange.name()).isEqualTo(plainStream(exchange, json));
                assertThat(facts.tools()).as(exchange.name()).isEqualTo(plainTools(json));
            }
        }
    }

    private static RequestFacts factsOf(RecordedExchange exchange) throws IOException {
        LlmRequest request = exchange.request();
        return Dialect.ofRequest(request)
                .orElseThrow()
                .readFacts(request.url(), request.body().orElseThrow());
    }

    private static String plainModel(RecordedExchange exchange, Map<?, ?> json) throws IOException {
        String[] path = exchange.request().url().path().split("/", -1);
        String last = path[path.length - 1];
        return switch (exchange.folderName()) {
            case "gemini" -> last.substring(0, last.indexOf(':'));
            case "bedrock" -> RecordedExchange.decoded(path[path.length - 2]);
            default -> String.valueOf(json.get("model"));
        };
    }

    private static boolean plainStream(RecordedExchange exchange, Map<?, ?> json) throws IOException {
        String path = exchange.request().url().path();
        return switch (exchange.folderName()) {
            case "gemini", "bedrock" -> path.contains(":stream") || path.contains("-stream");
            case "ollama" -> !Boolean.FALSE.equals(json.get("stream"));
            default -> Boolean.TRUE.equals(json.get("stream"));
        };
    }

    private static List<String> plainTools(Map<?, ?> json) {
        List<String> names = new ArrayList<>();
        addNames(json.get("tools"), names);
        addNames(json.get("functions"), names);
        addNames(json.get("toolConfig") instanceof Map<?, ?> config ? config.get("tools") : null, names);
        return names;
    }

    private static void addNames(@Nullable Object tools, List<String> names) {
        for (Object tool : tools instanceof List<?> list ? list : List.of()) {
            Map<?, ?> fields = (Map<?, ?>) tool;
            Object inner = fields.containsKey("function") ? fields.get("function") : fields.get("toolSpec");
            Object name = inner instanceof Map<?, ?> map ? map.get("name") : fields.get("name");
            if (name != null) {
                names.add((String) name);
            }
            addNames(fields.get("functionDeclarations"), names);
            addNames(fields.get("function_declarations"), names);
        }
    }

    @Test
    void everyRefusalTellsAnError() throws IOException {
        for (RecordedExchange exchange : exchanges) {
            if (exchange.status() != 200) {
                Optional<ProviderError> error = ProviderError.parse(exchange.answerHeaders(), exchange.answer());
                Optional<ErrorPage> page = ErrorPage.parse(exchange.answerHeaders(), exchange.answer());
                assertThat(error.flatMap(ProviderError::message)
                                .or(() -> page.flatMap(ErrorPage::title))
                                .orElse(""))
                        .as(exchange.name())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void noHealthyAnswerTellsAnError() throws IOException {
        for (RecordedExchange exchange : exchanges) {
            if (exchange.status() == 200 && exchange.note().isEmpty() && !exchange.isMarkedAsError()) {
                assertThat(ProviderError.parse(exchange.answerHeaders(), exchange.answer()))
                        .as(exchange.name())
                        .isEmpty();
                assertThat(ErrorPage.parse(exchange.answerHeaders(), exchange.answer()))
                        .as(exchange.name())
                        .isEmpty();
            }
        }
    }

    // Folders of compatible servers are named after the server: there the path has to tell.
    private static Optional<String> expectedDialect(RecordedExchange exchange) throws IOException {
        if (!exchange.isCall()) {
            return Optional.empty();
        }
        if (!exchange.folderName().startsWith("compat-")) {
            return Optional.of(exchange.folderName());
        }
        String path = exchange.request().url().path();
        String last = path.substring(path.lastIndexOf('/') + 1);
        return Optional.of(path.endsWith("/chat/completions") ? "openai-chat" : "openai-" + last);
    }
}
