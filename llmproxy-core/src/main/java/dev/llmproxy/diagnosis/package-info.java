/**
 * What a failed attempt means: ordered rules by family over the evidence of the attempt and the memory of its peers.
 * Imports {@code chain} and what lies below it.
 */
@NullMarked
package dev.llmproxy.diagnosis;

import org.jspecify.annotations.NullMarked;
