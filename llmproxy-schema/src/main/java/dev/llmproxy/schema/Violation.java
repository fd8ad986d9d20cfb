package dev.llmproxy.schema;

/**
 * Where a value breaks a schema.
 *
 * @param pointer the place in the value, as a JSON pointer in which names that the schema does not declare are stars
 * @param keyword the keyword of the schema that it breaks
 * @param count how many violations there are
 */
record Violation(String pointer, String keyword, int count) {
    @Override
    public String toString() {
        String place = pointer.isEmpty() ? "the whole" : pointer;
        return place + " breaks " + keyword + (count > 1 ? ", " + count + " violations" : "");
    }
}
