package dev.llmproxy.auth;

import dev.llmproxy.call.Secret;

/**
 * That a key is not to be used for a while.
 *
 * @param secret the key that was refused; whatever takes its place is not meant
 * @param since when it was refused
 * @param until when it is free again
 */
record Rest(Secret secret, long since, long until) {
    /**
     * Returns what is known with one more refusal. A request that was on its way when the key was set aside may have met
     * another limit, so that both hold; one that was sent later all the same has the newest word.
     */
    Rest and(Rest next, long sentAt) {
        boolean both = sentAt <= since && secret.equals(next.secret);
        return both && until > next.until ? new Rest(secret, next.since, until) : next;
    }
}
