package dev.llmproxy.examples;

import dev.llmproxy.fault.FaultCause;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the method of a {@link FaultScene} that makes a fault happen; the page of its cause quotes it. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Reproduces {
    FaultCause value();
}
