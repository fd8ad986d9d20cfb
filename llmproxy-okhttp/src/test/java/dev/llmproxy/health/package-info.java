/** Applications in a JVM of their own that are in trouble, and whoever brings them into it. */
@NullMarked
package dev.llmproxy.health;

import org.jspecify.annotations.NullMarked;
