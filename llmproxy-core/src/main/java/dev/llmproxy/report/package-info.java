/** What a proxy remembers of its calls, told as text, JSON or one HTML file. */
@NullMarked
package dev.llmproxy.report;

import org.jspecify.annotations.NullMarked;
