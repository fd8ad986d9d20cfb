/** Tests of the doctor, with real sockets and real TLS. */
@NullMarked
package dev.llmproxy.okhttp.doctor;

import org.jspecify.annotations.NullMarked;
