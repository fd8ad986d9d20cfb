package dev.llmproxy.retry;

/**
 * Another layer that repeats a call.
 *
 * @param layer who it is, and how that is known
 * @param above whether it stands above, so that the call is a repeat itself
 * @param amplification how many requests were sent for one call of the application, as far as was seen
 * @param remedy what to switch off
 */
record Nesting(String layer, boolean above, double amplification, String remedy) {}
