package dev.llmproxy.event;

import dev.llmproxy.fault.FaultCause;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How one model at one deployment is at a moment.
 *
 * @param deployment the name of the deployment
 * @param model the model as it is asked for there, empty where no call has said one yet
 * @param inFlight how many attempts are at the deployment, for whatever model, those whose answers are being read among
 *     them
 * @param firstToken how long the first token of a stream takes lately, or where there were none a plain answer; zero where
 *     that is not known
 * @param ejectedFor why calls stay away, the cause of the last failure; nothing where they do not
 * @param failures how many failures led to that
 * @param rest for how long, from the last failure on
 */
public record DeploymentState(
        String deployment,
        String model,
        int inFlight,
        Duration firstToken,
        Optional<FaultCause> ejectedFor,
        int failures,
        Duration rest) {
    /**
     * Checks the parts.
     *
     * @param deployment the name of the deployment
     * @param model the model
     * @param inFlight how many attempts are there
     * @param firstToken how long the first token takes
     * @param ejectedFor why calls stay away
     * @param failures how many failures led to that
     * @param rest for how long
     */
    public DeploymentState {
        Objects.requireNonNull(deployment, "deployment");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(firstToken, "firstToken");
        Objects.requireNonNull(ejectedFor, "ejectedFor");
        Objects.requireNonNull(rest, "rest");
    }
}
