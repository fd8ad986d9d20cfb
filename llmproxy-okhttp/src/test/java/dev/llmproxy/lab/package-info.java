/** The fault laboratory: every fault injected for real, with parameters by chance, and what the diagnosis makes of it. */
@NullMarked
package dev.llmproxy.lab;

import org.jspecify.annotations.NullMarked;
