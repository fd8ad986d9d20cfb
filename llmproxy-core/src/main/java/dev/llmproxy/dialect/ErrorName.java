package dev.llmproxy.dialect;

/**
 * The name that a provider gives an error inside an answer, as a finding may tell it. Names are one word, and the provider's
 * own; what else stands in their place is counted, not told.
 */
final class ErrorName {
    // The longest of a provider's, with room: invalid_request_error_unsupported_parameter.
    private static final int LONGEST = 48;

    private ErrorName() {}

    static String of(String said, Findings findings) {
        if (said.isEmpty()) {
            return "none";
        }
        return isName(said) && findings.told(said).equals(said)
                ? Redaction.of(said)
                : "of " + said.length() + " characters";
    }

    private static boolean isName(String said) {
        return said.length() <= LONGEST && said.chars().allMatch(ErrorName::isOfName);
    }

    private static boolean isOfName(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_'
                || character == '.'
                || character == '-';
    }
}
