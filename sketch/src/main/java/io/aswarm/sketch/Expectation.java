package io.aswarm.sketch;

import java.util.List;

/**
 * A test that the catalog carries: events in, match or not. {@link Rehearsal} runs it.
 *
 * @param name      for people.
 * @param scenario  code of the detector or rule that is to speak or to be silent.
 * @param label     of the scenario.
 * @param matches   whether the evidence shall come to {@code nats}.
 * @param nats      of evidence against one subject, above 0.
 * @param belowNats to which it shall not come where it matches.
 * @param steps     what happens.
 */
public record Expectation(
    String name, int scenario, String label, boolean matches, double nats, double belowNats, List<EventStep> steps)
{
    /**
     * @throws IllegalArgumentException when nothing happens, or the evidence is none.
     */
    public Expectation
    {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || !(nats > 0.0 && belowNats > nats))
        {
            throw new IllegalArgumentException("test " + name + ": allowed: events, evidence, and a bound above it");
        }
    }
}
