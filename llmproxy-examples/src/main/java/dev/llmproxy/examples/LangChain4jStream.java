package dev.llmproxy.examples;

import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import okhttp3.Call;
import okhttp3.Response;

/** Tells one end of a stream, an error or a close, to a listener of LangChain4j, whose parser tells two after an error. */
final class LangChain4jStream implements ServerSentEventListener {
    private final ServerSentEventListener listener;
    private boolean ended;

    LangChain4jStream(ServerSentEventListener listener) {
        this.listener = listener;
    }

    /** Returns the bytes of the stream. Closing them is how LangChain4j cancels, on whatever thread. */
    InputStream bytes(Call call, Response response) {
        Thread reader = Thread.currentThread();
        return new FilterInputStream(response.body().byteStream()) {
            @Override
            public void close() throws IOException {
                if (Thread.currentThread() == reader) {
                    super.close();
                } else {
                    call.cancel();
                }
            }
        };
    }

    @Override
    public void onOpen(SuccessfulHttpResponse response) {
        listener.onOpen(response);
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        try {
            listener.onEvent(event, context);
        } catch (RuntimeException e) {
            // The parser would drop the event and go on.
            context.parsingHandle().cancel();
            onError(e);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        if (!ended) {
            ended = true;
            listener.onError(thrown);
        }
    }

    @Override
    public void onClose() {
        if (!ended) {
            ended = true;
            listener.onClose();
        }
    }
}
