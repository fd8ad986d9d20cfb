/** Time, network and listeners for tests: also used by the tests of the other modules. */
@NullMarked
package dev.llmproxy.fake;

import org.jspecify.annotations.NullMarked;
