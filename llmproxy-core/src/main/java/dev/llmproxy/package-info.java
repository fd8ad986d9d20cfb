/**
 * The entry: {@link dev.llmproxy.LlmProxy} takes settings and makes the chain of stages. Imports everything below;
 * nothing in core imports it.
 */
@NullMarked
package dev.llmproxy;

import org.jspecify.annotations.NullMarked;
