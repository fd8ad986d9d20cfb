package dev.llmproxy.examples;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.io.StringWriter;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A question by a model of LangChain4j. */
final class LangChain4jTalk implements Talk {
    private static final long SECOND_END_MILLIS = 100;

    private final ChatModel model;
    private final StreamingChatModel streaming;

    private LangChain4jTalk(ChatModel model, StreamingChatModel streaming) {
        this.model = model;
        this.streaming = streaming;
    }

    static Talk openAi(Sdk.Setup setup) {
        var plain = OpenAiChatModel.builder()
                .baseUrl(setup.url() + "/v1")
                .apiKey("sk-example-0123456789abcdefghij")
                .modelName("gpt-4o-mini")
                .maxRetries(setup.retrying() ? null : 0);
        var streaming = OpenAiStreamingChatModel.builder()
                .baseUrl(setup.url() + "/v1")
                .apiKey("sk-example-0123456789abcdefghij")
                .modelName("gpt-4o-mini");
        if (setup.wrapped() != null) {
            plain.httpClientBuilder(new LangChain4jClients(setup.wrapped()));
            streaming.httpClientBuilder(new LangChain4jClients(setup.wrapped()));
        }
        return new LangChain4jTalk(plain.build(), streaming.build());
    }

    static Talk anthropic(Sdk.Setup setup) {
        var plain = AnthropicChatModel.builder()
                .baseUrl(setup.url() + "/v1")
                .apiKey("sk-ant-example-0123456789abcdefghij")
                .modelName("claude-sonnet-4-5")
                .maxRetries(setup.retrying() ? null : 0);
        var streaming = AnthropicStreamingChatModel.builder()
                .baseUrl(setup.url() + "/v1")
                .apiKey("sk-ant-example-0123456789abcdefghij")
                .modelName("claude-sonnet-4-5");
        if (setup.wrapped() != null) {
            plain.httpClientBuilder(new LangChain4jClients(setup.wrapped()));
            streaming.httpClientBuilder(new LangChain4jClients(setup.wrapped()));
        }
        return new LangChain4jTalk(plain.build(), streaming.build());
    }

    @Override
    public String ask() {
        return Objects.toString(model.chat("Why is the sky blue?"), "");
    }

    @Override
    public void stream(StringWriter heard) throws Exception {
        Ends ends = new Ends(heard);
        streaming.chat("Why is the sky blue?", ends);
        End first = ends.all.take();
        End second = ends.all.poll(SECOND_END_MILLIS, TimeUnit.MILLISECONDS);
        if (second != null) {
            throw new TwoEndsException(first.error == null ? second.error : first.error);
        }
        if (first.error != null) {
            throw new ExecutionException(first.error);
        }
    }

    /** What the handler of a stream was told, first an error and then that all is well, or the other way round. */
    static final class TwoEndsException extends Exception {
        private static final long serialVersionUID = 1;

        TwoEndsException(@Nullable Throwable error) {
            super("two ends", error);
        }
    }

    private record End(@Nullable Throwable error) {}

    private static final class Ends implements StreamingChatResponseHandler {
        private final BlockingQueue<End> all = new LinkedBlockingQueue<>();
        private final StringWriter heard;

        Ends(StringWriter heard) {
            this.heard = heard;
        }

        @Override
        public void onPartialResponse(String text) {
            heard.append(text);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            all.add(new End(null));
        }

        @Override
        public void onError(Throwable error) {
            all.add(new End(error));
        }
    }
}
