/**
 * Damages recorded answers in every way that is known, and counts what the library finds. What a damage has broken is
 * decided by plain readers that share nothing with the code that is judged.
 */
@NullMarked
package dev.llmproxy.mutation;

import org.jspecify.annotations.NullMarked;
