package dev.llmproxy.diagnosis;

import dev.llmproxy.chain.AnswerEvidence;
import dev.llmproxy.chain.AttemptEvidence;
import dev.llmproxy.chain.RequestEvidence;
import dev.llmproxy.chain.TimingEvidence;
import dev.llmproxy.dialect.ErrorPage;
import dev.llmproxy.dialect.ProviderError;
import dev.llmproxy.event.Phase;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** One failed attempt, as the rules look at it. */
final class Case {
    private static final int MAX_CAUSES = 16;

    private final AttemptEvidence evidence;
    private final Population population;
    private final @Nullable LocalHealth health;
    private @Nullable LocalTrouble trouble;
    private boolean isTroubleKnown;
    private final Optional<ProviderError> error;
    private final Optional<ErrorPage> page;

    Case(AttemptEvidence evidence, Population population, @Nullable LocalHealth health) {
        this.evidence = evidence;
        this.population = population;
        this.health = health;
        boolean answered = evidence.answer().status() != 0;
        ByteString body = answered ? evidence.answer().bodyWithoutKeys() : ByteString.EMPTY;
        this.error = answered ? ProviderError.parse(evidence.answer().headers(), body) : Optional.empty();
        this.page = answered ? ErrorPage.parse(evidence.answer().headers(), body) : Optional.empty();
    }

    AttemptEvidence evidence() {
        return evidence;
    }

    TimingEvidence timing() {
        return evidence.timing();
    }

    RequestEvidence request() {
        return evidence.request();
    }

    AnswerEvidence answer() {
        return evidence.answer();
    }

    Population population() {
        return population;
    }

    /** Returns what this process had to do with the wait that was cut, or null where none was. */
    @Nullable
    LocalTrouble trouble() {
        if (!isTroubleKnown) {
            trouble = LocalTrouble.of(this, health);
            isTroubleKnown = true;
        }
        return trouble;
    }

    /** Returns the state of this process. */
    Vitals vitals() {
        return health == null ? Vitals.UNKNOWN : health.vitals();
    }

    /** Returns the part of the last minute in which the collection of garbage stopped everything. */
    double collectingLately() {
        return health == null ? 0 : health.collectingLately();
    }

    /** Returns the error as the provider tells it. */
    Optional<ProviderError> error() {
        return error;
    }

    /** Returns the web page that came in place of an answer. */
    Optional<ErrorPage> page() {
        return page;
    }

    String host() {
        return evidence.origin().host();
    }

    /** Says whether nothing of the answer has arrived. */
    boolean isBeforeAnswer() {
        return evidence.timing().phase().compareTo(Phase.FIRST_BYTE) < 0;
    }

    /** Finds an exception of a class among what was thrown and its causes. */
    <T extends Throwable> @Nullable T thrown(Class<T> type) {
        Throwable t = evidence.failure().orElse(null);
        for (int i = 0; t != null && i < MAX_CAUSES; i++) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
            t = t.getCause();
        }
        return null;
    }

    boolean threw(Class<? extends Throwable> type) {
        return thrown(type) != null;
    }
}
