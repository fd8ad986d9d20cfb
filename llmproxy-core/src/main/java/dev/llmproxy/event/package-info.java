/**
 * What is told while calls run: {@link dev.llmproxy.event.LlmEvent} and who listens. Nothing in the library reads an
 * event to decide anything. Imports {@code fault} and {@code call}.
 */
@NullMarked
package dev.llmproxy.event;

import org.jspecify.annotations.NullMarked;
