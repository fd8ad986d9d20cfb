package dev.llmproxy.schema;

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
    private static final Set<String> MEMBERS =
            Arrays.stream(Demand.Place.values()).map(Demand.Place::member).collect(Collectors.toUnmodifiableSet());

    private final Kept<Demand.Place, Demand> known = new Kept<>(demand -> 1);

    Demand of(LlmRequest request) {
        List<Demand.Place> places = placesOf(dialectOf(request));
        if (places.isEmpty()) {
            return Demand.nothing();
        }
        Map<String, ByteString> members = RequestJson.members(request, MEMBERS);
        for (Demand.Place place : places) {
            ByteString json = members.get(place.member());
            if (json != null) {
                Demand demand = known.of(place, json, text -> Demand.of(place, text));
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
            case "gemini" -> List.of(Demand.Place.GENERATION_CONFIG, Demand.Place.GENERATION_CONFIG_AGAIN);
            case "bedrock" ->
                List.of(Demand.Place.CONVERSE_OUTPUT_CONFIG, Demand.Place.OUTPUT_CONFIG, Demand.Place.RESPONSE_FORMAT);
            case "ollama" -> List.of(Demand.Place.FORMAT);
            case "cohere" -> List.of(Demand.Place.COHERE_RESPONSE_FORMAT);
            default -> List.of();
        };
    }
}
