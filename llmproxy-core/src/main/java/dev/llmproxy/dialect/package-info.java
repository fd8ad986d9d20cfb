/**
 * The wire formats of LLM providers: {@link dev.llmproxy.dialect.Dialect} recognises them and reads what a request says,
 * {@link dev.llmproxy.dialect.ProviderError} and {@link dev.llmproxy.dialect.ErrorPage} read how a failure is told.
 * Imports only {@code wire}, {@code call} and {@code fault}.
 */
@NullMarked
package dev.llmproxy.dialect;

import org.jspecify.annotations.NullMarked;
