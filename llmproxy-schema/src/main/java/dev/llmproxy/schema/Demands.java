package dev.llmproxy.schema;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.call.LlmRequest;
import dev.llmproxy.dialect.Dialect;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import okio.ByteString;

/** What requests demand, read once for each text of a demand. Thread-safe. */
final class Demands {
    private static final int MOST_KEPT = 256;
    private static final Set<String> MEMBERS =
            Arrays.stream(Demand.Place.values()).map(Demand.Place::member).collect(Collectors.toUnmodifiableSet());

    private final Cache<Key, Demand> known =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).executor(Runnable::run).build();

    private record Key(Demand.Place place, ByteString digest) {}

    Demand of(LlmRequest request) {
        List<Demand.Place> places = placesOf(dialectOf(request));
        if (places.isEmpty()) {
            return Demand.nothing();
        }
        Map<String, ByteString> members = RequestJson.members(request, MEMBERS);
        for (Demand.Place place : places) {
            ByteString json = members.get(place.member());
            if (json != null) {
                Demand demand = known.get(new Key(place, json.sha256()), key -> Demand.of(place, json));
                if (demand.kind() != Demand.Kind.NOTHING) {
                    return demand;
                }
            }
        }
        return Demand.nothing();
    }

    static String dialectOf(LlmRequest request) {
        return Dialect.ofRequest(request)
                .map(dialect -> dialect.wireFormat().id())
                .orElse("");
    }

    private static List<Demand.Place> placesOf(String dialect) {
        return switch (dialect) {
            case "openai-chat", "openai-completions" -> List.of(Demand.Place.RESPONSE_FORMAT);
            case "openai-responses" -> List.of(Demand.Place.TEXT);
            case "anthropic" -> List.of(Demand.Place.OUTPUT_CONFIG, Demand.Place.OUTPUT_FORMAT);
            case "gemini" -> List.of(Demand.Place.GENERATION_CONFIG);
            case "ollama" -> List.of(Demand.Place.FORMAT);
            case "cohere" -> List.of(Demand.Place.COHERE_RESPONSE_FORMAT);
            default -> List.of();
        };
    }
}
