package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;

/**
 * That a key is not to be used for a while.
 *
 * @param secret the key that was refused; whatever takes its place is not meant
 * @param since when it was refused
 * @param until when it is free again
 */
record Rest(Secret secret, long since, long until) {}
