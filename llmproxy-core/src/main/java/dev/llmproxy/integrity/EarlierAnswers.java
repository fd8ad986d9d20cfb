package dev.llmproxy.integrity;

/**
 * What is known from answers that came before: who ends streams by a terminator, which names are told, and what streams
 * begin with. Thread-safe.
 */
record EarlierAnswers(SeenTerminators terminators, AnswerNames names, SeenShapes shapes) {
    EarlierAnswers() {
        this(new SeenTerminators(), new AnswerNames(), new SeenShapes());
    }
}
