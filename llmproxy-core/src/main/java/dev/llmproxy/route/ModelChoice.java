package dev.llmproxy.route;

import dev.llmproxy.chain.CallContext;

/**
 * Which model a call asks for at a deployment.
 *
 * @param call the call
 * @param deployment the deployment
 * @param instead the model that a fallback has put in the place of the application's, or empty
 */
record ModelChoice(CallContext call, Deployment deployment, String instead) {
    ModelChoice(CallContext call, Route route, Deployment deployment) {
        this(call, deployment, insteadOf(call, route));
    }

    private static String insteadOf(CallContext call, Route route) {
        Fallback taken = route.hasFallbacks() ? Fallback.taken(call.choice(), route.fallbacks()) : null;
        return taken == null ? "" : taken.model();
    }

    /** Says whether it may be another one than the application asks for. */
    boolean isOpen() {
        return deployment.hasModels() || !instead.isEmpty();
    }

    /** Returns the model to ask for, and notes on the call whether it is another one. */
    String modelFor(String asked) {
        String wanted = instead.isEmpty() ? asked : instead;
        ModelName here = deployment.modelFor(wanted);
        String model = here == null ? wanted : here.text();
        boolean same = wanted.equals(asked) && (here == null || here.isSame());
        call.choice().asks(model.equals(asked) ? "" : model, same);
        return model;
    }
}
