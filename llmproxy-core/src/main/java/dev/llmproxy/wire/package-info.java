/**
 * The bytes of an answer, checked and split while they pass: {@link dev.llmproxy.wire.JsonScanner} reads JSON. Knows
 * nothing of language models and imports nothing of the project. Public only for the packages above: not for
 * applications, and free to change in any release.
 */
@NullMarked
package dev.llmproxy.wire;

import org.jspecify.annotations.NullMarked;
