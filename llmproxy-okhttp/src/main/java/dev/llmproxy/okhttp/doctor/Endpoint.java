package dev.llmproxy.okhttp.doctor;

import java.util.Optional;

/**
 * What the endpoint answered.
 *
 * @param api the interface that is there
 * @param answer the answer to the request for the list of models
 * @param models the list, where there is one
 */
record Endpoint(Api api, Answer answer, Optional<ModelList> models) {}
