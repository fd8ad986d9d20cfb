/**
 * The report as a live page on this machine. On top of everything else: nothing imports it, and it is loaded only where
 * an application opens a {@link dev.llmproxy.console.LlmProxyConsole}. Needs the module {@code jdk.httpserver}.
 */
@NullMarked
package dev.llmproxy.console;

import org.jspecify.annotations.NullMarked;
