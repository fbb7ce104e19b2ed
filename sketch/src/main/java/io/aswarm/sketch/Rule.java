package io.aswarm.sketch;

import java.util.List;
import java.util.Objects;

/**
 * A scenario composed of others: what the detectors say of one subject, held together by one composition. When it
 * holds, the evidence of its elements, which are independent observations, adds up, and a signal of the scenario that
 * it gives is told.
 *
 * @param name        for people; small letters, digits and hyphens.
 * @param composition how the elements hold together.
 * @param elements    1 to {@value #ELEMENTS_MAX}.
 * @param withinNs    between the first element and the last, at least 1 ms, at most a day.
 * @param gives       scenario of the signal, with a source as its subject.
 * @param tests       that the rule carries; {@link DetectorCatalog#lint} runs them.
 */
public record Rule(
    String name, Composition composition, List<Element> elements, long withinNs, Scenario gives, List<RuleTest> tests)
{
    /** Most elements of a rule. */
    public static final int ELEMENTS_MAX = 8;
    private static final long WITHIN_MIN_NS = 1_000_000L;
    private static final long WITHIN_MAX_NS = 86_400_000_000_000L;

    /** How elements hold together. */
    public enum Composition
    {
        /** All of them, in any order. */
        ALL_OF,
        /** Any one of them. */
        ANY_OF,
        /** All of them, in the order given. */
        THEN
    }

    /**
     * A detector that says enough.
     *
     * @param scenario  it speaks of.
     * @param leastNats evidence from which on it counts, above 0.
     */
    public record Element(Scenario scenario, double leastNats)
    {
        /**
         * @throws IllegalArgumentException when the evidence is not allowed.
         */
        public Element
        {
            Objects.requireNonNull(scenario, "scenario");
            if (!(leastNats > 0.0 && leastNats <= 1_000.0))
            {
                throw new IllegalArgumentException("leastNats=" + leastNats + "; allowed: above 0, at most 1000");
            }
        }
    }

    /**
     * What a rule's author expects of it.
     *
     * @param name    for people.
     * @param steps   signals of one subject, in the order of their times.
     * @param matches whether the rule holds at their end.
     */
    public record RuleTest(String name, List<Step> steps, boolean matches)
    {
        /** Copies the steps. */
        public RuleTest
        {
            steps = List.copyOf(steps);
        }
    }

    /**
     * A signal in a rule's test.
     *
     * @param scenario of the signal.
     * @param nats     of its evidence.
     * @param atNs     when, from the beginning of the test.
     */
    public record Step(Scenario scenario, double nats, long atNs)
    {
    }

    /**
     * @throws IllegalArgumentException when a value is not allowed.
     */
    public Rule
    {
        elements = List.copyOf(elements);
        tests = List.copyOf(tests);
        Objects.requireNonNull(composition, "composition");
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*"))
        {
            throw new IllegalArgumentException("name=" + name + "; allowed: small letters, digits and hyphens");
        }
        if (elements.isEmpty() || elements.size() > ELEMENTS_MAX)
        {
            throw new IllegalArgumentException(
                "rule " + name + ": elements=" + elements.size() + "; allowed: 1 to " + ELEMENTS_MAX);
        }
        if (withinNs < WITHIN_MIN_NS || withinNs > WITHIN_MAX_NS)
        {
            throw new IllegalArgumentException(
                "rule " + name + ": withinNs=" + withinNs + "; allowed: " + WITHIN_MIN_NS + " to " + WITHIN_MAX_NS);
        }
        if (gives.subjectRole() != Signal.ROLE_SOURCE)
        {
            throw new IllegalArgumentException(
                "rule " + name + ": gives=" + gives.label() + "; allowed: a scenario whose subject is a source");
        }
    }
}
