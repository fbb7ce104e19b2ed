package io.aswarm.actuator;

/**
 * Takes outcomes. Called on the actuator's thread; must not block.
 */
@FunctionalInterface
public interface OutcomeHandler
{
    /**
     * An outcome is known.
     *
     * @param outcome immutable.
     */
    void onOutcome(Outcome outcome);
}
