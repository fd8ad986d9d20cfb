/**
 * What can go wrong, and how it is told: {@link dev.llmproxy.fault.Fault}, its cause, evidence and remedies. Imports only
 * {@code call}.
 */
@NullMarked
package dev.llmproxy.fault;

import org.jspecify.annotations.NullMarked;
