/**
 * Real faults for tests: {@code ScriptedProvider} plays answers and every way in which they break,
 * over plain sockets. Depends on nothing but the JDK (and JUnit, where the extension is used).
 */
@NullMarked
package dev.llmproxy.testing;

import org.jspecify.annotations.NullMarked;
