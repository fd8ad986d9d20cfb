package dev.llmproxy.examples;

import dev.llmproxy.auth.ApiKey;
import dev.llmproxy.auth.Credentials;
import dev.llmproxy.okhttp.Doctor;
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
        DoctorArguments asked = DoctorArguments.of(args);
        String base = asked.base();
        String name = asked.model();
        boolean live = asked.live();
        OkHttpClient client = new OkHttpClient();
        Doctor doctor = Doctor.of(client, Credentials.of(base, ApiKey.env("OPENAI_API_KEY")));
        doctor = name.isEmpty() ? doctor : doctor.model(name);
        doctor = live ? doctor.live() : doctor; // one call of at most 32 tokens
        Doctor.Examination found = doctor.progress(System.err).examine();
        System.out.print(asked.json() ? found.toJson() + "\n" : found.toTerminal());
        return found.exitCode();
    }
}
