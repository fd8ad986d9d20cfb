/**
 * How a call runs: {@link dev.llmproxy.chain.Stage} after stage, down to the {@link dev.llmproxy.chain.Transport}, with
 * what is known of the call in {@link dev.llmproxy.chain.CallContext} and of each attempt in
 * {@link dev.llmproxy.chain.Attempt}. Imports {@code event}, {@code dialect}, {@code fault} and {@code call}; features
 * import it.
 */
@NullMarked
package dev.llmproxy.chain;

import org.jspecify.annotations.NullMarked;
