package dev.llmproxy.examples;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Sends the calls of LangChain4j over an OkHttp client of the application's; each stream ends exactly once. */
record LangChain4jOverOkHttp(OkHttpClient client) implements HttpClient {
    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        try (Response response = client.newCall(toOkHttp(request)).execute()) {
            return answered(response).body(response.body().bytes()).build();
        } catch (IOException e) {
            throw new LangChain4jException(e);
        }
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        LangChain4jStream stream = new LangChain4jStream(listener);
        client.newCall(toOkHttp(request)).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {
                stream.onError(e);
            }

            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    stream.onOpen(answered(response).build());
                    parser.parse(stream.bytes(call, response), stream);
                    stream.onClose();
                } catch (IOException | RuntimeException e) {
                    stream.onError(e);
                }
            }
        });
    }

    private static SuccessfulHttpResponse.Builder answered(Response response) throws IOException {
        if (!response.isSuccessful()) {
            throw new Refusal(response.code(), response.body().string(), response.headers());
        }
        return SuccessfulHttpResponse.builder()
                .statusCode(response.code())
                .headers(response.headers().toMultimap());
    }

    private static Request toOkHttp(HttpRequest request) {
        Request.Builder converted = new Request.Builder()
                .url(request.url())
                .method(request.method().name(), request.method() == HttpMethod.GET ? null : body(request));
        request.headers().forEach((name, values) -> values.forEach(value -> converted.addHeader(name, value)));
        return converted.build();
    }

    private static RequestBody body(HttpRequest request) {
        if (request.formDataFields().isEmpty() && request.formDataFiles().isEmpty()) {
            String text = request.body() == null ? "" : request.body();
            return RequestBody.create(text.getBytes(StandardCharsets.UTF_8));
        }
        MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
        request.formDataFields().forEach(form::addFormDataPart);
        request.formDataFiles()
                .forEach((name, file) -> form.addFormDataPart(
                        name,
                        file.fileName(),
                        RequestBody.create(file.content(), MediaType.parse(file.contentType()))));
        return form.build();
    }

    /** An error status, as LangChain4j wants it, with its headers: {@code X-LlmProxy-Fault} is one of them. */
    static final class Refusal extends HttpException {
        private static final long serialVersionUID = 1;
        final transient Headers headers;

        Refusal(int status, String body, Headers headers) {
            super(status, body);
            this.headers = headers;
        }
    }
}
