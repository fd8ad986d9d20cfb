/** Measures the limits from within: what is public of them is the stage only. */
package dev.llmproxy.limit;
