/**
 * Whether a request can be sent, and an answer is what it claims to be: {@link dev.llmproxy.integrity.Integrity} says how strictly it is looked at,
 * {@link dev.llmproxy.integrity.IntegrityStage} looks. Imports {@code chain} and what is below it.
 */
@NullMarked
package dev.llmproxy.integrity;

import org.jspecify.annotations.NullMarked;
