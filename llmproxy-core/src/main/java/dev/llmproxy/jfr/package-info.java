/**
 * Tells the JDK's flight recorder of calls: {@link dev.llmproxy.jfr.FlightEvents}. The only package that needs the module
 * {@code jdk.jfr}, and it is left alone where there is none. A feature: it imports {@code event} and what is below it.
 */
@NullMarked
package dev.llmproxy.jfr;

import org.jspecify.annotations.NullMarked;
