/**
 * A store of answers and shared budgets on Redis or Valkey, over the application's own connection. The entries are {@link
 * dev.llmproxy.redis.RedisStore} and {@link dev.llmproxy.redis.RedisBudgets}. Imports core, Lettuce and Bucket4j.
 */
@NullMarked
package dev.llmproxy.redis;

import org.jspecify.annotations.NullMarked;
