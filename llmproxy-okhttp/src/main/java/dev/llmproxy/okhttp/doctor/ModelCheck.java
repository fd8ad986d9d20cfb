package dev.llmproxy.okhttp.doctor;

import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** Whether the model that is going to be asked for is there, and which ones have a name like it. */
final class ModelCheck implements Check {
    @Override
    public String name() {
        return "model";
    }

    @Override
    public Finding examine(Visit visit) {
        Optional<String> model = visit.patient().model();
        if (model.isEmpty()) {
            return Finding.skip(name(), "no model was given");
        }
        Optional<Endpoint> endpoint = visit.endpoint();
        if (endpoint.flatMap(Endpoint::models).isEmpty()) {
            return Finding.skip(name(), "there is no list of models");
        }
        if (endpoint.get().api().kind() == Api.Kind.AZURE) {
            return Finding.skip(name(), "Azure lists models, not your deployments of them");
        }
        return judge(visit, endpoint.get(), model.get());
    }

    private Finding judge(Visit visit, Endpoint endpoint, String model) {
        ModelList list = endpoint.models().orElseThrow();
        if (list.has(model)) {
            return Finding.ok(name(), model + " is one of " + list.names().size());
        }
        if (isKnown(visit, endpoint.api(), model)) {
            return Finding.ok(name(), model + " is known, though not in the list");
        }
        return missing(visit, list, model);
    }

    // Other names of a model are often left out of the list.
    private static boolean isKnown(Visit visit, Api api, String model) {
        if (api.lookup().isEmpty()) {
            return false;
        }
        HttpUrl url = HttpUrl.get(api.lookup().get())
                .newBuilder()
                .removePathSegment(HttpUrl.get(api.lookup().get()).pathSize() - 1)
                .addPathSegment(model)
                .build();
        Request request = visit.within(1, visit.request(url).build());
        Answer answer = visit.line().send(request, visit.isSigned());
        return answer.isSuccessful()
                && !ModelList.read("[" + answer.body() + "]")
                        .map(ModelList::names)
                        .orElse(List.of())
                        .isEmpty();
    }

    private Finding missing(Visit visit, ModelList list, String model) {
        List<String> near = NearestNames.to(model, list.names()).stream()
                .map(visit.line()::withoutKeys)
                .toList();
        String text = visit.base().host() + " has no model " + model;
        Finding finding = list.complete()
                ? Finding.fail(name(), text)
                : Finding.warn(name(), text + " in the part of its list that was read");
        finding = finding.evidence("models in the list", list.names().size());
        return near.isEmpty()
                ? finding.action("correct the model's name, or give the key access to it")
                : finding.action("did you mean " + String.join(", ", near) + "?")
                        .action("if the name is right, give the key access to it");
    }
}
