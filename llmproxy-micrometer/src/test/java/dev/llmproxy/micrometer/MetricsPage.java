package dev.llmproxy.micrometer;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the page of the metrics from the table of meters. */
final class MetricsPage {
    private MetricsPage() {}

    static String text() {
        return HEAD + meters("gen_ai.") + OURS + meters("llmproxy.") + TAGS + tags() + TAIL;
    }

    private static String meters(String beginning) {
        return "\n| name | kind | what | tags |\n|---|---|---|---|\n"
                + Stream.of(LlmMeter.values())
                        .filter(meter -> meter.meterName().startsWith(beginning))
                        .map(MetricsPage::row)
                        .collect(Collectors.joining());
    }

    private static String row(LlmMeter meter) {
        String unit = meter.unit().isEmpty() ? "" : ", `" + meter.unit() + "`";
        String tags = meter.tags().stream().map(tag -> "`" + tag.key() + "`").collect(Collectors.joining(", "));
        return "| `" + meter.meterName() + "`" + (meter.startsAtZero() ? " *" : "") + " | " + Meters.word(meter.kind())
                + unit + " | " + meter.meaning() + " | " + tags + " |\n";
    }

    private static String tags() {
        return "\n| tag | its values |\n|---|---|\n"
                + Stream.of(LlmTag.values())
                        .map(tag -> "| `" + tag.key() + "` | " + tag.meaning() + " |\n")
                        .collect(Collectors.joining());
    }

    private static final String HEAD = """
            # Metrics

            ```java
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            LlmProxy proxy = LlmProxy.builder().listener(LlmMetrics.on(registry)).build();
            ```

            `llmproxy-micrometer` measures the calls of a proxy in any registry of Micrometer. It brings micrometer-core and nothing else: the
            application picks the registry. [`MeasureCalls`](../llmproxy-examples/src/main/java/dev/llmproxy/examples/MeasureCalls.java) shows
            the metrics to Prometheus.

            ```xml
            <dependency>
              <groupId>dev.llmproxy</groupId>
              <artifactId>llmproxy-micrometer</artifactId>
              <version>0.1.0-SNAPSHOT</version>
            </dependency>
            ```

            `PrometheusMeterRegistry` is in `io.micrometer:micrometer-registry-prometheus`. In Spring Boot take the registry of its actuator: a
            bean method that is given the `MeterRegistry` and returns the proxy, built as above, is enough, for Spring closes it with its context,
            and `/actuator/prometheus` shows the metrics where `management.endpoints.web.exposure.include` names `prometheus`. Elsewhere the
            application serves `registry.scrape()`, as the example does.
            [`prometheus.yml`](../llmproxy-micrometer/prometheus/prometheus.yml) tells a Prometheus where to read them, and of the rules.

            This page is made from [`LlmMeter`](../llmproxy-micrometer/src/main/java/dev/llmproxy/micrometer/LlmMeter.java) and
            [`LlmTag`](../llmproxy-micrometer/src/main/java/dev/llmproxy/micrometer/LlmTag.java), the tables that the code goes by. Prometheus
            writes underscores for dots, `_seconds` behind a timer, `_total` behind a counter.

            ## Attempts: OpenTelemetry's names

            An attempt is one request that is sent to a provider: with retries there are several for a call, and for an answer that needs no
            provider there is none. These are the metrics of OpenTelemetry's semantic conventions for clients of generative AI (in
            development), with their names, units, attributes and buckets.
            """;

    private static final String OURS = """

            The unit `{token}` is not given to Micrometer, which would make it a part of Prometheus' name; OpenTelemetry leaves it out there, too.
            Events tell the whole time of a stream and how many events it had, not when each of them came, so the time for each is a mean.

            ## Calls, and why they fail

            A call is what the application asked for. Do not add `llmproxy.calls` to `gen_ai.client.operation.duration`: they look at the same
            traffic from two sides. What is marked * is there with zeros from the start, so that an alert sees the first time, too.
            """;

    private static final String TAGS = """

            The cache's numbers are those of its answers to calls. Micrometer's own binder for Caffeine would count lookups in the map inside of
            it: there a damaged, foreign or too old entry is a hit, a call that joins another one is none, and a store such as Redis has no map.

            The limits have no event for each call. `metrics.watch(proxy)`, called once when the proxy is built, measures what they let run
            and what waits. Where a proxy has no cache, no limits or no route, nothing is counted there.

            ## Tags
            """;

    private static final String TAIL = """

            ## How many series

            Values of tags come from closed lists and from the application's own settings, but for the names of models and the hosts that
            it calls. Of models the first 100 names are told apart and all others are `other`; so is what does not look like a name, for
            instance because it looks like a key. Where users choose the model, `LlmMetrics.on(registry, models)` names those that are told
            apart. Of combinations of host, format and models at most 500 are, for calls and for attempts each. No prompt, no answer and no
            key is in any name or tag, and a test plays echoes of all of them.

            ## What it costs

            The metrics of a call that is answered cost 0.3 to 0.8 microseconds, by machine, and no memory
            ([performance](performance.md#metrics)), most of it the clock that Micrometer reads, so there is no need for `LlmListener.async`; what
            that loses under load would be missing here, and leave `llmproxy.calls.active` wrong for ever. The model is read from the request,
            which the proxy does anyway unless `Integrity.off()` is set.

            ## Dashboard and alerts

            - [`grafana/llmproxy-overview.json`](../llmproxy-micrometer/grafana/llmproxy-overview.json): import it into Grafana, or let Grafana
              load it with the samples in [`grafana/provisioning`](../llmproxy-micrometer/grafana/provisioning).
            - [`prometheus/llmproxy.rules.yml`](../llmproxy-micrometer/prometheus/llmproxy.rules.yml): recording rules, and alerts for an error
              budget that burns (with two windows each), answers that are cut, first tokens that are late, retries that multiply, a process that
              stands still, credit that is used up, keys that are rejected, deployments that are all ejected, one that is so for an hour while
              others serve, events that are lost. Their thresholds are written out: change them.
            - `promtool test rules` runs [their tests](../llmproxy-micrometer/prometheus/llmproxy.rules.test.yml). The build also starts a real
              Prometheus, where one is installed, that scrapes an application whose providers fail, and holds that every panel and every rule has
              data.

            With few calls one failure is a large share: an application that makes a call now and then needs thresholds of its own.

            ## Several proxies, and new ones

            A registry has one `LlmMetrics`: `LlmMetrics.on(registry)` returns it again, and a proxy that is built anew goes on in the same
            meters. Several proxies are added up; of a deployment that they share counts what was told last. It is ejected until it answers
            again, or for five minutes after it should have been tried, if nobody has asked it since: as when its proxy was closed. To tell
            proxies apart, give each a registry of its own with a common tag.
            """;
}
