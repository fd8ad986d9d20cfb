/**
 * The OkHttp binding: {@link dev.llmproxy.okhttp.OkHttpLlmProxy}. Uses only what OkHttp 4.12 and 5.x have in common.
 */
@NullMarked
package dev.llmproxy.okhttp;

import org.jspecify.annotations.NullMarked;
