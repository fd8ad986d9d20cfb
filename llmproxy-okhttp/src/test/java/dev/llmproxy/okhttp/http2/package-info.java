/** HTTP/2, with MockWebServer: these tests run on OkHttp 5 only, which MockWebServer needs. */
@NullMarked
package dev.llmproxy.okhttp.http2;

import org.jspecify.annotations.NullMarked;
