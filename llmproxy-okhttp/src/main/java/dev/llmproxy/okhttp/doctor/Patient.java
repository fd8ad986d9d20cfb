package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.auth.Credentials;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import okhttp3.OkHttpClient;

/**
 * What is examined, and how far. For the binding.
 *
 * @param client the client, not bound to a proxy
 * @param credentials the key and the base URL
 * @param proxy the application's proxy
 * @param model the model that the application is going to ask for
 * @param live whether one call may be made that costs tokens
 * @param concurrency how many calls the application makes at the same time
 * @param checkLimit how long one check may take
 * @param bind binds a client to a proxy
 * @param places finds where a class comes from
 */
public record Patient(
        OkHttpClient client,
        Credentials credentials,
        Optional<LlmProxy> proxy,
        Optional<String> model,
        boolean live,
        int concurrency,
        Duration checkLimit,
        BiFunction<OkHttpClient, LlmProxy, OkHttpClient> bind,
        Function<String, List<URL>> places) {}
