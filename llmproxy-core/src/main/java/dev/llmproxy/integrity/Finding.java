package dev.llmproxy.integrity;

import dev.llmproxy.dialect.Rule;
import dev.llmproxy.fault.Evidence;
import java.util.List;

/**
 * Something wrong with an answer.
 *
 * @param rule what is wrong
 * @param detail where and how much
 * @param bytes how much of the body had arrived
 * @param evidence what else was observed
 */
record Finding(Rule rule, String detail, long bytes, List<Evidence> evidence) {}
