/** The report of what was simulated, for all simulations: its sections, and the file in which they are kept. */
@NullMarked
package dev.llmproxy.simulation;

import org.jspecify.annotations.NullMarked;
