package dev.llmproxy.examples;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.Doctor;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;

/** Examines an endpoint before the first real call: {@code [--json] [--live] [--model NAME] [base URL]}. */
public final class RunTheDoctor {
    private RunTheDoctor() {}

    /**
     * Examines the endpoint.
     *
     * @param args the options, and the base URL if it is not OpenAI's
     */
    public static void main(String[] args) {
        int exitCode = 2;
        try {
            exitCode = run(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\nusage: [--json] [--live] [--model NAME] [base URL]");
        }
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    static int run(List<String> args) {
        List<String> left = new ArrayList<>(args);
        boolean json = left.remove("--json");
        boolean live = left.remove("--live");
        String name = nameIn(left);
        requireOneUrl(left);
        String base = left.isEmpty() ? "https://api.openai.com/v1" : left.get(0);
        OkHttpClient client = new OkHttpClient();
        Doctor doctor = Doctor.of(client, Credentials.of(base, ApiKey.env("OPENAI_API_KEY")));
        doctor = name.isEmpty() ? doctor : doctor.model(name);
        doctor = live ? doctor.live() : doctor; // one call of at most 32 tokens
        Doctor.Examination found = doctor.progress(System.err).examine();
        System.out.print(json ? found.toJson() + "\n" : found.toTerminal());
        return found.exitCode();
    }

    // Takes it out of the arguments.
    private static String nameIn(List<String> arguments) {
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

    // What is told of them is no key that somebody has typed there.
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
