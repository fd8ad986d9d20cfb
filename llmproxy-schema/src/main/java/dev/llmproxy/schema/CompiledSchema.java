package dev.llmproxy.schema;

import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.JsonSchemaException;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** A schema that values are held against; nothing is ever loaded for it. Thread-safe. */
final class CompiledSchema {
    private static final Set<String> APPLICATORS = Set.of(
            "properties", "items", "prefixItems", "allOf", "anyOf", "oneOf", "$ref", "additionalProperties", "then");

    private final Validator validator;
    private final PaidKeywords keywords;
    private final URI uri;
    private final Set<String> names;
    private final ReentrantLock lock = new ReentrantLock();

    private CompiledSchema(Validator validator, PaidKeywords keywords, URI uri, Set<String> names) {
        this.validator = validator;
        this.keywords = keywords;
        this.uri = uri;
        this.names = names;
    }

    /**
     * Compiles a schema.
     *
     * @throws UnusableException if it is none, or beyond a limit
     */
    static CompiledSchema of(Object tree, boolean openApi) {
        try {
            SchemaCopy copy = new SchemaCopy(openApi);
            Object schema = copy.of(tree);
            PaidKeywords keywords = new PaidKeywords();
            Validator validator = new ValidatorFactory()
                    .withJsonNodeFactory(new Nodes())
                    .withEvaluatorFactory(keywords)
                    .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                    .createValidator();
            URI uri = validator.registerSchema(new TreeNode(schema, "", Effort.unlimited()));
            return new CompiledSchema(validator, keywords, uri, copy.names());
        } catch (IOException | JsonSchemaException | IllegalArgumentException e) {
            throw new UnusableException("it is no JSON schema");
        } catch (StackOverflowError e) {
            throw new UnusableException("it is nested too deep");
        }
    }

    /**
     * Returns where a value breaks the schema, or null.
     *
     * @throws UnusableException if that cannot be found out
     */
    @Nullable
    Violation violationOf(Object tree) {
        lock.lock();
        try {
            Effort effort = Effort.enough();
            keywords.payFrom(effort);
            Validator.Result result = validator.validate(uri, new TreeNode(tree, "", effort));
            return result.isValid() ? null : violation(result.getErrors());
        } catch (JsonSchemaException | IllegalArgumentException e) {
            throw new UnusableException("it cannot be resolved");
        } catch (StackOverflowError e) {
            throw new UnusableException("it has no end");
        } finally {
            lock.unlock();
        }
    }

    // Errors inside come before those of what is around them.
    private Violation violation(List<Error> errors) {
        for (Error error : errors) {
            if (!APPLICATORS.contains(String.valueOf(error.getKeyword()))) {
                return violation(error, errors.size());
            }
        }
        return errors.isEmpty() ? new Violation("", "schema", 1) : violation(errors.get(0), errors.size());
    }

    private Violation violation(Error error, int count) {
        String keyword = error.getKeyword() == null ? "schema" : error.getKeyword();
        return new Violation(masked(error.getInstanceLocation()), keyword, count);
    }

    // Names that only the answer has are content.
    private String masked(String pointer) {
        StringBuilder shown = new StringBuilder();
        for (String step : pointer.split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (!step.isEmpty()) {
                shown.append('/').append(names.contains(name) || isIndex(name) ? step : "*");
            }
        }
        return shown.toString();
    }

    private static boolean isIndex(String name) {
        return name.length() <= 5 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Reads what the validator brings along itself: the schemas of schemas. */
    private static final class Nodes implements JsonNodeFactory {
        @Override
        public JsonNode wrap(Object node) {
            return node instanceof JsonNode known ? known : new TreeNode(node, "", Effort.enough());
        }

        @Override
        public JsonNode create(String json) {
            try {
                return new TreeNode(JsonTree.read(new Buffer().writeUtf8(json)), "", Effort.unlimited());
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }
}
