package dev.llmproxy.chain;

import dev.llmproxy.call.LlmBody;
import dev.llmproxy.fault.FaultCause;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call is sent with, and what it could be sent with instead. Stages that choose (a deployment, a key) say here
 * what else they have; the stage that repeats takes one of it, and sends the call through them again. So neither knows
 * the other. Belongs to the thread of the call.
 */
public final class Choice {
    private final List<String> deployments = new ArrayList<>(2);
    private int offers;
    private int everTaken;
    private Alternative taken = Alternative.NONE;
    private int others;
    private List<String> among = List.of();
    private String preferred = "";
    private @Nullable Object place;
    private long decidedAt;
    private String model = "";
    private boolean sameModel = true;
    private @Nullable LlmBody asking;
    private @Nullable LlmBody renamed;
    private Set<FaultCause> fallbacks = Set.of();
    private @Nullable Set<FaultCause> fallbacksTaken;
    private @Nullable FaultCause fellBackFor;

    Choice() {}

    /** What can be different when a call is sent again. */
    public enum Alternative {
        /** Nothing: the same deployment, with the same key. */
        NONE,
        /** Another key of the same deployment. */
        KEY,
        /** A new token of the same deployment, in place of one that was refused. */
        TOKEN,
        /** A deployment that this call has not tried. */
        DEPLOYMENT,
        /** What the route names for the cause of the last failure: a deployment or a model. */
        FALLBACK
    }

    /**
     * Notes where the next attempt goes.
     *
     * @param deployment the name of the deployment
     */
    public void aimedAt(String deployment) {
        deployments.add(Objects.requireNonNull(deployment, "deployment"));
    }

    /**
     * Returns where the call was sent last, or is about to be sent.
     *
     * @return the name of the deployment, empty where there is none
     */
    public String deployment() {
        return deployments.size() == others ? "" : deployments.get(deployments.size() - 1);
    }

    /**
     * Notes where the call is being sent already, beside this: it goes elsewhere if it can.
     *
     * @param deployment the name of the deployment
     */
    public void avoid(String deployment) {
        deployments.add(others, Objects.requireNonNull(deployment, "deployment"));
        others++;
    }

    /** Adds where else the call was sent meanwhile. */
    void tried(Choice beside) {
        for (String deployment : beside.deployments) {
            if (!deployments.contains(deployment)) {
                avoid(deployment);
            }
        }
        if (!beside.deployment().isEmpty()) {
            offer(Alternative.DEPLOYMENT, beside.offers(Alternative.DEPLOYMENT));
        }
    }

    /**
     * Notes between which deployments there is a choice.
     *
     * @param names their names in the order of the route; not changed any more
     */
    public void among(List<String> names) {
        among = Objects.requireNonNull(names, "names");
    }

    /**
     * Returns between which deployments there is a choice.
     *
     * @return their names in the order of the route; none where the call has not been routed
     */
    public List<String> among() {
        return among;
    }

    /**
     * Asks for a deployment, which is taken if the call was not there yet and it has a good key.
     *
     * @param deployment the name of the deployment
     */
    public void prefer(String deployment) {
        preferred = Objects.requireNonNull(deployment, "deployment");
    }

    /**
     * Returns which deployment was asked for.
     *
     * @return its name, empty where it does not matter
     */
    public String preferred() {
        return preferred;
    }

    /**
     * Returns where the call was sent so far, also where it failed before anything was sent.
     *
     * @return the names of the deployments, in their order
     */
    public List<String> deployments() {
        return Collections.unmodifiableList(deployments);
    }

    /**
     * Notes when it was decided where the next attempt goes, so that the stages behind need not read the clock again.
     *
     * @param nanos nanoseconds of the ticker of the call
     */
    public void decidedAt(long nanos) {
        decidedAt = nanos;
    }

    /**
     * Returns when it was decided where the call is going.
     *
     * @return nanoseconds of the ticker of the call; nothing of use where no deployment was chosen
     */
    public long decidedAt() {
        return decidedAt;
    }

    /**
     * Keeps what the stage that chooses deployments knows this one as, until the attempt there has ended.
     *
     * @param place what it wants to find again, or null where it holds nothing any more
     */
    public void place(@Nullable Object place) {
        this.place = place;
    }

    /**
     * Returns what the stage that chooses deployments has kept.
     *
     * @return what it knows the deployment as, or null
     */
    public @Nullable Object place() {
        return place;
    }

    /**
     * Says whether the call was sent anywhere so far, or is being sent elsewhere.
     *
     * @return whether {@link #deployments} holds any
     */
    public boolean hasTried() {
        return !deployments.isEmpty();
    }

    /**
     * Notes which model the next attempt asks for.
     *
     * @param model the model, empty where it is the one that the application asked for
     * @param same whether that is the same model by another name
     */
    public void asks(String model, boolean same) {
        this.model = Objects.requireNonNull(model, "model");
        this.sameModel = same || model.isEmpty();
        this.asking = null;
        this.renamed = null;
    }

    /**
     * Notes which body asks for that model in the place of another one, from which it differs in nothing else.
     *
     * @param asking the body that was
     * @param renamed the body that is sent
     */
    public void renames(LlmBody asking, LlmBody renamed) {
        this.asking = Objects.requireNonNull(asking, "asking");
        this.renamed = Objects.requireNonNull(renamed, "renamed");
    }

    /** Returns the body in whose place another one is sent, or null. */
    @Nullable
    LlmBody asking() {
        return asking;
    }

    /** Returns the body that differs from it in the name of the model, or null. */
    @Nullable
    LlmBody renamed() {
        return renamed;
    }

    /**
     * Returns which model is asked for in place of the application's.
     *
     * @return the model, empty where it is the application's own
     */
    public String model() {
        return model;
    }

    boolean isSameModel() {
        return sameModel;
    }

    /**
     * Notes for which causes there is a fallback from where the call is now. The last word counts.
     *
     * @param causes the causes; not changed any more
     */
    public void offerFallbacks(Set<FaultCause> causes) {
        fallbacks = Objects.requireNonNull(causes, "causes");
    }

    /**
     * Says whether the call may go on at a fallback. It does so once for each cause.
     *
     * @param cause why it failed
     * @return whether there is one for that cause that was not taken yet
     */
    public boolean offersFallback(FaultCause cause) {
        return fallbacks.contains(cause) && (fallbacksTaken == null || !fallbacksTaken.contains(cause));
    }

    /**
     * Decides that the call goes on at the fallback for a cause.
     *
     * @param cause why it failed
     */
    public void fallBack(FaultCause cause) {
        take(Alternative.FALLBACK);
        fellBackFor = cause;
        if (fallbacksTaken == null) {
            fallbacksTaken = EnumSet.noneOf(FaultCause.class);
        }
        fallbacksTaken.add(cause);
    }

    /**
     * Returns for which cause the call went on at a fallback last.
     *
     * @return the cause; nothing where it never did
     */
    public Optional<FaultCause> fellBackFor() {
        return Optional.ofNullable(fellBackFor);
    }

    /**
     * Says whether something else is there. The last word counts.
     *
     * @param what what could be different
     * @param there whether it is there
     */
    public void offer(Alternative what, boolean there) {
        int bit = 1 << what.ordinal();
        offers = there ? offers | bit : offers & ~bit;
    }

    /**
     * Says whether something else is there.
     *
     * @param what what could be different
     * @return whether it is there; always for {@link Alternative#NONE}
     */
    public boolean offers(Alternative what) {
        return what == Alternative.NONE || (offers & 1 << what.ordinal()) != 0;
    }

    /**
     * Decides what is different when the call is sent the next time.
     *
     * @param what what is different
     */
    public void take(Alternative what) {
        taken = Objects.requireNonNull(what, "what");
        everTaken |= 1 << what.ordinal();
    }

    /**
     * Says whether something was different before, or is this time.
     *
     * @param what what could be different
     * @return whether it was ever decided
     */
    public boolean hasTaken(Alternative what) {
        return (everTaken & 1 << what.ordinal()) != 0;
    }

    /**
     * Returns what is to be different this time.
     *
     * @return what was decided last, {@link Alternative#NONE} the first time
     */
    public Alternative taken() {
        return taken;
    }

    /** Returns the deployments so far, and what is different. */
    @Override
    public String toString() {
        return deployments + (taken == Alternative.NONE ? "" : ", another " + taken);
    }
}
