/**
 * Where calls go: a {@link dev.llmproxy.route.Route} maps the base URL that an application keeps using to
 * {@link dev.llmproxy.route.Deployment}s. Imports {@code auth}, since a deployment owns its keys, {@code chain} and what
 * lies below it.
 */
@NullMarked
package dev.llmproxy.route;

import org.jspecify.annotations.NullMarked;
