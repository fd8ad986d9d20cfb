package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Rule;

/**
 * Something wrong with an answer.
 *
 * @param rule what is wrong
 * @param detail where and how much
 * @param bytes how much of the body had arrived
 */
record Finding(Rule rule, String detail, long bytes) {}
