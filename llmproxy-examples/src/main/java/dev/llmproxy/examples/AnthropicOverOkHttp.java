package dev.llmproxy.examples;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.errors.AnthropicIoException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Sends the calls of anthropic-java over an OkHttp client of the application's, which the SDK itself does not take. */
record AnthropicOverOkHttp(OkHttpClient client, HttpClient replaced) implements HttpClient {
    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        try {
            return new Answer(call(request, options).execute());
        } catch (IOException e) {
            throw new AnthropicIoException("Request failed", e);
        } finally {
            request.body().ifPresent(HttpRequestBody::close);
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        Call call = call(request, options);
        var unused = answer.whenComplete((response, failure) -> {
            if (answer.isCancelled()) {
                call.cancel();
            }
            request.body().ifPresent(HttpRequestBody::close);
        });
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                answer.completeExceptionally(new AnthropicIoException("Request failed", e));
            }

            @Override
            public void onResponse(Call answered, Response response) {
                if (!answer.complete(new Answer(response))) {
                    response.close();
                }
            }
        });
        return answer;
    }

    private Call call(HttpRequest request, RequestOptions options) {
        Request.Builder converted = new Request.Builder()
                .url(request.url())
                .method(
                        request.method().name(),
                        request.body().map(AnthropicBody::new).orElse(null));
        Headers headers = request.headers();
        headers.names().forEach(name -> headers.values(name).forEach(value -> converted.addHeader(name, value)));
        Call call = client.newCall(converted.build());
        // The SDK's own limit for the call stays; connecting and reading are timed by the proxy.
        options.timeout()
                .ifPresent(time -> call.timeout().timeout(time.request().toMillis(), TimeUnit.MILLISECONDS));
        return call;
    }

    @Override
    public void close() {
        replaced.close();
    }

    private record Answer(Response response) implements HttpResponse {
        @Override
        public int statusCode() {
            return response.code();
        }

        @Override
        public Headers headers() {
            return Headers.builder().putAll(response.headers().toMultimap()).build();
        }

        @Override
        public InputStream body() {
            return response.body().byteStream();
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
