package dev.llmproxy.examples;

import java.util.ArrayList;
import java.util.List;

/** What {@link RunTheDoctor} was asked for. Nothing of it is repeated that may be a key, typed there by mistake. */
record DoctorArguments(boolean json, boolean live, String model, String base) {
    private static final String OPENAI = "https://api.openai.com/v1";

    static DoctorArguments of(List<String> arguments) {
        List<String> left = new ArrayList<>(arguments);
        boolean json = left.remove("--json");
        boolean live = left.remove("--live");
        String model = modelIn(left);
        requireOneUrl(left);
        return new DoctorArguments(json, live, model, left.isEmpty() ? OPENAI : left.get(0));
    }

    // Takes it out of the arguments.
    private static String modelIn(List<String> arguments) {
        int model = arguments.indexOf("--model");
        if (model < 0) {
            return "";
        }
        arguments.remove(model);
        if (model == arguments.size()) {
            throw new IllegalArgumentException("--model: nothing (expected: the name of a model)");
        }
        return arguments.remove(model);
    }

    private static void requireOneUrl(List<String> left) {
        for (String argument : left) {
            if (argument.startsWith("-")) {
                String option = argument.replaceAll("=.*", "");
                throw new IllegalArgumentException(option + ": no such option (expected: --json, --live or --model)");
            }
        }
        if (left.size() > 1) {
            throw new IllegalArgumentException("base URL: " + left.size() + " arguments (expected: one at most)");
        }
    }
}
