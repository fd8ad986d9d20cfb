package dev.llmproxy.retry;

/**
 * Another layer that repeats a call.
 *
 * @param layer who it is, and how that is known
 * @param amplification how many requests were sent for one call of the application, as far as was seen
 * @param remedy what to switch off
 */
record Nesting(String layer, double amplification, String remedy) {}
