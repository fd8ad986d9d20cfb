@NullMarked
package dev.llmproxy.testing;

import org.jspecify.annotations.NullMarked;
