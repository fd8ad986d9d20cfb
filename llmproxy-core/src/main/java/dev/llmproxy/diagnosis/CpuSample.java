package dev.llmproxy.diagnosis;

/**
 * How much of the processors this process has had, and for what, up to a moment. Only differences mean something; what is unknown is
 * negative.
 *
 * @param at the moment
 * @param usedNanos what all its threads together have used
 * @param throttledNanos for how long its control group was held back because its quota was used up, over all processors
 * @param queuedNanos for how long the thread of the pulse was ready to run and had no processor
 * @param collectingNanos for how long the collection of garbage has stopped everything
 * @param readyPermille how many threads of the machine were ready to run for each of its processors, of 1,000
 * @param busyPermille how busy the machine was lately, this process and others, of 1,000
 */
record CpuSample(
        long at,
        long usedNanos,
        long throttledNanos,
        long queuedNanos,
        long collectingNanos,
        long readyPermille,
        long busyPermille) {}
