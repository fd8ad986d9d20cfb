/** Small programs that show how to use llmproxy. Each runs without a network, against a scripted provider. */
@NullMarked
package dev.llmproxy.examples;

import org.jspecify.annotations.NullMarked;
