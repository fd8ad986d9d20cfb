package dev.llmproxy.schema;

/** A schema or an answer that cannot be compared: too large, too deep, too costly, or no schema at all. */
final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Constructs the exception.
     *
     * @param reason why, without content of either
     */
    UnusableException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
