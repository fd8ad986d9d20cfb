package dev.llmproxy.integrity;

import dev.llmproxy.LlmProxy;
import dev.llmproxy.call.CallOptions;
import dev.llmproxy.call.LlmBody;
import dev.llmproxy.call.LlmHeaders;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.call.LlmResponse;
import dev.llmproxy.call.LlmUrl;
import dev.llmproxy.call.RequestFacts;
import dev.llmproxy.event.LlmEvent;
import dev.llmproxy.event.LlmListener;
import dev.llmproxy.fake.FakeTransport;
import dev.llmproxy.fake.RecordingListener;
import dev.llmproxy.fault.FaultCause;
import dev.llmproxy.fault.LlmFaultException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.Buffer;
import okio.ByteString;

/** A request and what becomes of answers to it, over a connection that ends them by being closed. */
record Asked(String method, String url, String body) {
    static Asked post(String url, String body) {
        return new Asked("POST", url, body.replace('\'', '"'));
    }

    static Asked get(String url) {
        return new Asked("GET", url, "");
    }

    /** What was told of a call. */
    record Told(Optional<FaultCause> fault, List<String> findings, Optional<String> dialect, RequestFacts asked) {}

    LlmRequest request() {
        LlmRequest.Builder request = LlmRequest.builder(method, LlmUrl.of(url));
        return (body.isEmpty() ? request : request.body(LlmBody.of(ByteString.encodeUtf8(body), "application/json")))
                .build();
    }

    Told plain(String answer) {
        return answered("application/json", answer);
    }

    /** Returns how much of an answer may come alone so that nobody is told. */
    List<Integer> silentCuts(String type, String answer) throws IOException {
        Buffer rest = new Buffer();
        FakeTransport transport = FakeTransport.answering();
        List<Integer> silent = new ArrayList<>();
        try (LlmProxy proxy = LlmProxy.builder().build()) {
            for (int end = 0; end < answer.length(); end++) {
                Buffer part = new Buffer().writeUtf8(answer.replace('\'', '"').substring(0, end));
                transport.script((request, attempt) -> LlmResponse.builder(200)
                        .headers(LlmHeaders.of("Content-Type", type))
                        .body(part)
                        .build());
                try (LlmResponse response = proxy.execute(request(), CallOptions.none(), transport)) {
                    rest.writeAll(response.body());
                    silent.add(end);
                } catch (LlmFaultException e) {
                    rest.clear();
                }
            }
        }
        return silent;
    }

    /** Takes events of these data. */
    Told stream(String... events) {
        return answered("text/event-stream", events(events));
    }

    static String events(String... data) {
        return "data: " + String.join("\n\ndata: ", data) + "\n\n";
    }

    Told answered(String type, String answer) {
        return answered(LlmProxy.builder(), type, answer);
    }

    Told answered(LlmProxy.Builder builder, String type, String answer) {
        String sent = answer.replace('\'', '"');
        FakeTransport transport = FakeTransport.answering((request, attempt) -> LlmResponse.builder(200)
                .headers(LlmHeaders.of("Content-Type", type))
                .body(new Buffer().writeUtf8(sent))
                .build());
        RecordingListener events = new RecordingListener();
        List<RequestFacts> asked = new ArrayList<>();
        LlmListener asking = event -> {
            if (event instanceof LlmEvent.CallStarted start) {
                asked.add(start.call().facts());
            }
        };
        Optional<FaultCause> fault = Optional.empty();
        try (LlmProxy proxy = builder.listener(events).listener(asking).build();
                LlmResponse response = proxy.execute(request(), CallOptions.none(), transport)) {
            if (!response.body().readUtf8().equals(sent)) {
                throw new AssertionError("other bytes were read than were sent");
            }
        } catch (LlmFaultException e) {
            fault = Optional.of(e.fault().cause());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        events.assertBalanced();
        List<String> found = events.events(LlmEvent.FindingDetected.class).stream()
                .map(each -> each.severity() + " " + each.rule())
                .toList();
        return new Told(
                fault, found, events.only(LlmEvent.CallStarted.class).call().dialect(), asked.get(0));
    }
}
