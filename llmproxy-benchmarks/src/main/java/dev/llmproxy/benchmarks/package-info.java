/** Measurements of what a call through llmproxy costs. Not published. */
@NullMarked
package dev.llmproxy.benchmarks;

import org.jspecify.annotations.NullMarked;
