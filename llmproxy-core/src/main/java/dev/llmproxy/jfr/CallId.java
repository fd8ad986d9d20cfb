package dev.llmproxy.jfr;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import jdk.jfr.Label;
import jdk.jfr.MetadataDefinition;
import jdk.jfr.Relational;

/** Marks the field by which the events of one call are found together. */
@MetadataDefinition
@Relational
@Label("Call Id")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface CallId {}
