/**
 * Keys, and how they get into a request: {@link dev.llmproxy.auth.Credentials} bind a key to an origin. Imports
 * {@code chain} and what lies below it.
 */
@NullMarked
package dev.llmproxy.auth;

import org.jspecify.annotations.NullMarked;
