package dev.llmproxy.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.util.concurrent.CancellationException;

/** Says in our words what Redis refused; of its own text only the code is kept, since the rest may quote a command. */
final class Refusal {
    private Refusal() {}

    static boolean isWrongType(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                && code(failure).equals("WRONGTYPE");
    }

    /** Says whether the server has answered, and what lies under a key is not what was put there. */
    static boolean isOfKey(Throwable failure) {
        boolean isOfServer = failure instanceof RedisException || failure instanceof CancellationException;
        return isOfServer ? isWrongType(failure) : failure instanceof RuntimeException;
    }

    static IOException of(String what, Throwable failure) {
        if (failure instanceof RedisCommandExecutionException) {
            String code = code(failure);
            return new IOException("Redis refused to " + what + ": " + code + meaning(code));
        }
        return new IOException(
                "Redis failed to " + what + ": " + failure.getClass().getSimpleName(), failure);
    }

    private static String meaning(String code) {
        return switch (code) {
            case "OOM" -> ", its memory is full (set maxmemory-policy allkeys-lru, or give it more)";
            case "READONLY" -> ", it is a replica (connect to its primary)";
            case "LOADING" -> ", it still reads its data set";
            case "NOAUTH", "WRONGPASS" -> ", the connection is not authenticated";
            case "NOPERM" -> ", its user may not (grant the commands of the documentation, and the keys of the prefix)";
            case "MISCONF" -> ", it cannot write to its disk";
            case "BUSY" -> ", a script keeps it busy";
            case "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN" -> ", part of it is down";
            default -> "";
        };
    }

    /** Returns the first word where it looks like a code. */
    private static String code(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int end = 0;
        while (end < message.length() && message.charAt(end) >= 'A' && message.charAt(end) <= 'Z') {
            end++;
        }
        return end == 0 || end > 20 ? "ERR" : message.substring(0, end);
    }
}
