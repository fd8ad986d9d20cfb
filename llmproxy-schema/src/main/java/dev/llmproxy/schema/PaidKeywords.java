package dev.llmproxy.schema;

import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import java.util.Optional;
import java.util.Set;

/**
 * The keywords of one schema, each of which is paid for whenever it is held against a value or a name: the validator notes
 * every time, with the whole way by which it came there. References that branch would fill the memory with these before they
 * have taken any time. For one validation at a time.
 */
final class PaidKeywords implements EvaluatorFactory {
    private Effort effort = Effort.unlimited();

    /** From now on this pays. */
    void payFrom(Effort other) {
        effort = other;
    }

    @Override
    public Optional<Evaluator> create(SchemaParsingContext context, String name, JsonNode value) {
        return context.getDialect()
                .getEvaluatorFactory()
                .create(context, name, value)
                .map(keyword -> new Paid(keyword, name, value.getJsonPointer().length()));
    }

    private final class Paid implements Evaluator {
        private final Evaluator keyword;
        private final boolean refers;
        private final int length;

        Paid(Evaluator keyword, String name, int length) {
            this.keyword = keyword;
            this.refers = name.endsWith("Ref") || name.equals("$ref");
            this.length = length;
        }

        @Override
        public Result evaluate(EvaluationContext context, JsonNode node) {
            effort.spendOn(length);
            return refers ? follow(context, node) : keyword.evaluate(context, node);
        }

        private Result follow(EvaluationContext context, JsonNode node) {
            try {
                effort.enter(length);
                return keyword.evaluate(context, node);
            } finally {
                effort.leave(length);
            }
        }

        @Override
        public int getOrder() {
            return keyword.getOrder();
        }

        @Override
        @SuppressWarnings("deprecation") // the validator asks for them
        public Set<String> getVocabularies() {
            return keyword.getVocabularies();
        }
    }
}
