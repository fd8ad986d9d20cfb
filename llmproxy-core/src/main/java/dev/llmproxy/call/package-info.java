/** The vocabulary of a call: request, response, headers, options, secrets. Imports nothing of the project. */
@NullMarked
package dev.llmproxy.call;

import org.jspecify.annotations.NullMarked;
