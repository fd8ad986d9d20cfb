/**
 * Writes calls to SLF4J: {@link dev.llmproxy.logging.Logging} is given to a proxy and says what is logged. A feature: it
 * imports {@code chain} and what is below it.
 */
@NullMarked
package dev.llmproxy.logging;

import org.jspecify.annotations.NullMarked;
