package dev.llmproxy.report;

import dev.llmproxy.dialect.Redaction;

/**
 * Where a call went.
 *
 * @param name the name of the deployment, else the host
 * @param model the model that was asked for, empty where it is not known
 */
record Place(String name, String model) {
    /** Stands for all places above the number that is kept apart. */
    static final Place OTHERS = new Place("(others)", "");

    private static final int LONGEST_MODEL = 128;

    static Place of(String deployment, String host, String model) {
        return of(deployment.isEmpty() ? host : deployment, model);
    }

    static Place of(String name, String model) {
        return new Place(name, model.length() > LONGEST_MODEL ? "" : model);
    }

    boolean is(String otherName, String otherModel) {
        return name.equals(otherName) && model.equals(otherModel);
    }

    @Override
    public String toString() {
        return model.isEmpty() ? name : name + " " + Redaction.of(model);
    }
}
