/**
 * Checks that hold answers to the JSON schemas of the request: {@link dev.llmproxy.schema.JsonSchemaCheck} is given to
 * {@link dev.llmproxy.integrity.Integrity}. Imports {@code integrity} and what is below it.
 */
@NullMarked
package dev.llmproxy.schema;

import org.jspecify.annotations.NullMarked;
