package dev.llmproxy.lab;

import dev.llmproxy.fault.FaultCause;
import java.util.Optional;

/**
 * One way in which a call fails, or only seems to.
 *
 * @param name what happens
 * @param cause what has to be found, nothing where all is well
 * @param seam where it is injected, if that is not the real place
 * @param injection makes it happen
 */
record Scenario(String name, Optional<FaultCause> cause, String seam, Injection injection) {
    /** Makes a fault happen in a trial, and runs the calls that meet it. */
    @FunctionalInterface
    interface Injection {
        void run(Trial trial) throws Exception;
    }

    static Scenario of(FaultCause cause, String name, Injection injection) {
        return new Scenario(name, Optional.of(cause), "", injection);
    }

    static Scenario healthy(String name, Injection injection) {
        return new Scenario(name, Optional.empty(), "", injection);
    }

    /** Returns this scenario, said to be injected at a seam. */
    Scenario at(String where) {
        return new Scenario(name, cause, where, injection);
    }

    @Override
    public String toString() {
        return cause.map(FaultCause::code).orElse("healthy") + ": " + name;
    }
}
