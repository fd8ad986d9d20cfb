/** Measures what lies inside of the cache; not published. */
@NullMarked
package dev.llmproxy.cache;

import org.jspecify.annotations.NullMarked;
