package dev.llmproxy.dialect;

import dev.llmproxy.call.RequestFacts.Embedding;

/** Takes from the values of a request for embeddings how many vectors it asks for, and of what length. */
final class EmbeddingFacts {
    private static final long MAX_NUMBER = 1L << 32;
    private static final int FLOAT_BYTES = 4;

    private long inputs = Embedding.UNKNOWN;
    private long dimensions = Embedding.UNKNOWN;
    private boolean base64;
    private boolean otherNumbers;

    // Of the list that is open: texts, numbers of one text, or requests.
    private boolean inList;
    private long count;
    private boolean areTokens;
    // What the open request asks for, and the first one of its list.
    private long requested;
    private long first;
    private boolean differ;

    /** Takes a string, of which only a name is told. */
    void string(int field, WireText value, long length) {
        switch (field) {
            // Nothing at all loads a model at Ollama, without a vector.
            case BodyPaths.INPUT, BodyPaths.OTHER_INPUT -> inputs = length == 0 ? inputs : 1;
            case BodyPaths.ENCODING -> {
                base64 = value.is("base64");
                otherNumbers |= !base64 && !value.is("float"); // Mixedbread names the kind of number here.
            }
            // Bytes or bits, of as many numbers: how long that makes a vector is not known.
            case BodyPaths.NUMBER_KIND -> otherNumbers |= !value.is("float");
            default -> other(field);
        }
    }

    void number(int field, double value) {
        switch (field) {
            case BodyPaths.DIMENSIONS -> dimensions = isLength(value) ? (long) value : dimensions;
            case BodyPaths.REQUEST_DIMENSIONS -> requested = isLength(value) ? (long) value : requested;
            case BodyPaths.ELEMENT -> {
                areTokens |= count == 0;
                count++;
            }
            default -> other(field);
        }
    }

    private static boolean isLength(double value) {
        return value >= 1 && value < MAX_NUMBER;
    }

    void begin(int field, boolean array) {
        switch (field) {
            case BodyPaths.INPUT, BodyPaths.OTHER_INPUT, BodyPaths.REQUESTS -> beginList(field, array);
            case BodyPaths.REQUEST -> requested = Embedding.UNKNOWN;
            default -> other(field);
        }
    }

    private void beginList(int field, boolean array) {
        inList = array;
        count = 0;
        areTokens = false;
        first = Embedding.UNKNOWN;
        differ = false;
        if (!array && field != BodyPaths.REQUESTS) {
            inputs = 1;
        }
    }

    /** Takes a value of no other kind. */
    void other(int field) {
        switch (field) {
            case BodyPaths.ELEMENT -> count++;
            case BodyPaths.REQUEST -> {
                requested = Embedding.UNKNOWN;
                endRequest();
            }
            case BodyPaths.ENCODING -> base64 = false;
            case BodyPaths.NUMBER_KIND -> otherNumbers = true;
            default -> {}
        }
    }

    void end(int field) {
        switch (field) {
            case BodyPaths.INPUT, BodyPaths.OTHER_INPUT -> endList(areTokens ? 1 : count);
            case BodyPaths.REQUEST -> endRequest();
            case BodyPaths.REQUESTS -> endRequests();
            default -> {}
        }
    }

    private void endList(long found) {
        if (inList && found > 0) {
            inputs = found;
        }
        inList = false;
    }

    private void endRequest() {
        first = count == 0 ? requested : first;
        differ |= requested != first;
        count++;
    }

    private void endRequests() {
        if (inList) {
            dimensions = differ ? Embedding.UNKNOWN : first;
        }
        endList(count);
    }

    Embedding facts() {
        long known = otherNumbers ? Embedding.UNKNOWN : dimensions;
        if (inputs < 0 && known < 0) {
            return Embedding.none();
        }
        // Who was not asked for base64 and writes it may mean bytes.
        long bytes = base64 && known > 0 ? FLOAT_BYTES * known : Embedding.UNKNOWN;
        return new Embedding(inputs, known, bytes);
    }
}
