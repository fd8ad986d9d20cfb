package dev.llmproxy.lab;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How many of the causes can be told at best by somebody who has less to go by: for each thing that he sees, he always
 * guesses the cause that it most often stands for in these very trials.
 */
final class Baselines {
    private Baselines() {}

    /** Returns the share of the faulty trials that could be right at best. */
    static double best(List<Result> results, Function<Result, String> seen) {
        Map<String, Map<String, Integer>> causes = new HashMap<>();
        int all = 0;
        for (Result result : results) {
            if (result.scenario().cause().isPresent()) {
                all++;
                causes.computeIfAbsent(seen.apply(result), key -> new HashMap<>())
                        .merge(result.scenario().cause().get().code(), 1, Integer::sum);
            }
        }
        int right = 0;
        for (Map<String, Integer> counts : causes.values()) {
            right += counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        }
        return all == 0 ? 0 : (double) right / all;
    }

    static String exceptionClass(Result result) {
        return result.seen();
    }

    static String exceptionClassAndStatus(Result result) {
        return result.seen() + " " + result.status();
    }

    /** Returns the type of the exception in openai-java: by status, and one for everything that was thrown. */
    static String openAiSdk(Result result) {
        if (!result.seen().equals("no exception")) {
            return "OpenAIIoException";
        }
        return switch (result.status()) {
            case 400 -> "BadRequestException";
            case 401 -> "UnauthorizedException";
            case 403 -> "PermissionDeniedException";
            case 404 -> "NotFoundException";
            case 422 -> "UnprocessableEntityException";
            case 429 -> "RateLimitException";
            default -> byClass(result.status(), "InternalServerException", "UnexpectedStatusCodeException");
        };
    }

    /** Returns the type of the exception in LangChain4j. */
    static String langChain4j(Result result) {
        if (result.seen().equals("SocketTimeoutException")) {
            return "TimeoutException";
        }
        if (!result.seen().equals("no exception")) {
            return "RuntimeException";
        }
        return switch (result.status()) {
            case 401, 403 -> "AuthenticationException";
            case 404 -> "ModelNotFoundException";
            case 408 -> "TimeoutException";
            case 429 -> "RateLimitException";
            default -> byClass(result.status(), "InternalServerException", "InvalidRequestException");
        };
    }

    private static String byClass(int status, String server, String other) {
        if (status >= 200 && status < 300) {
            return "success";
        }
        return status >= 500 ? server : other;
    }
}
