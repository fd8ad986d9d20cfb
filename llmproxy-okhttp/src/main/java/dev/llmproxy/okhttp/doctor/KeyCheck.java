package dev.llmproxy.okhttp.doctor;

import dev.llmproxy.fault.FaultFamily;
import java.util.Optional;
import okhttp3.Request;

/** Whether the key is accepted: by what the endpoint does without it, for some lists are open to everybody. */
final class KeyCheck implements Check {
    @Override
    public String name() {
        return "key";
    }

    @Override
    public Finding examine(Visit visit) throws InterruptedException {
        if (!visit.blocked().isEmpty()) {
            return Finding.skip(name(), visit.blocked());
        }
        if (!visit.isSigned()) {
            return Finding.skip(name(), "there is no key that could be sent");
        }
        if (visit.stream().filter(Stream::isComplete).isPresent()) {
            return accepted(visit, "a call was answered");
        }
        Answer first = visit.exchange().answer();
        Answer answer = visit.endpoint().map(Endpoint::answer).orElse(first);
        if (isOfKey(answer)) {
            return NetworkCheck.failure(name(), answer);
        }
        if (answer.status() == 429) {
            return Finding.skip(name(), "the endpoint answered 429, which says nothing of the key");
        }
        return answer.isSuccessful()
                        && visit.endpoint().flatMap(Endpoint::models).isPresent()
                ? without(visit)
                : Finding.skip(name(), "no answer that says anything of the key");
    }

    private static boolean isOfKey(Answer answer) {
        boolean refused = answer.status() == 401 || answer.status() == 403;
        return refused && answer.fault() != null && answer.fault().family() == FaultFamily.AUTHENTICATION;
    }

    private Finding without(Visit visit) {
        Optional<String> list = visit.endpoint().flatMap(found -> found.api().list());
        Request request = visit.within(1, visit.get(list.orElse(visit.base().href())));
        Answer answer = visit.line().send(request, false);
        if (answer.status() == 401 || answer.status() == 403) {
            return accepted(visit, "without it the answer is " + answer.status());
        }
        if (!answer.isSuccessful()) {
            return Finding.skip(name(), "without the key the answer is " + answer.outcome());
        }
        return visit.base().origin().isLoopback()
                ? Finding.ok(name(), "the server on this machine asks for none")
                : Finding.skip(name(), "the list of models is open to everybody; a live call tells");
    }

    private Finding accepted(Visit visit, String how) {
        String fingerprint = visit.key().flatMap(KeyReading::fingerprint).orElse("");
        return Finding.ok(name(), "#" + fingerprint + " is accepted: " + how);
    }
}
