/**
 * What {@link dev.llmproxy.okhttp.Doctor} does: one file for each check. Only {@link dev.llmproxy.okhttp.doctor.Finding} is
 * for applications; what else is public here is so for the binding. Imports core and OkHttp, never the binding.
 */
@NullMarked
package dev.llmproxy.okhttp.doctor;

import org.jspecify.annotations.NullMarked;
