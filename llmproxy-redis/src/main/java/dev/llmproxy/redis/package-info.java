/**
 * A store of answers on Redis or Valkey, over the application's own connection. The entry is {@link
 * dev.llmproxy.redis.RedisStore}. Imports core and Lettuce.
 */
@NullMarked
package dev.llmproxy.redis;

import org.jspecify.annotations.NullMarked;
