package io.aswarm.sketch;

import java.util.List;
import java.util.Objects;

/**
 * A scenario composed of others: what the detectors say of one subject, held together by one composition. The evidence
 * of its elements, which are independent observations, adds up; when the composition holds and the sum is at the rule's
 * bar, a signal of the scenario that it gives is told.
 *
 * @param name        for people; small letters, digits and hyphens.
 * @param composition how the elements hold together.
 * @param elements    1 to {@value #ELEMENTS_MAX}.
 * @param withinNs    between the first element and the last, at least 1 ms, at most a day.
 * @param barNats     evidence of all elements together from which on the rule holds; 0 where each element's is enough.
 * @param gives       scenario of the signal, with a source as its subject: a detector's, or one of the site's own, see
 *                    {@link ComposedScenario}.
 * @param tests       that the rule carries; {@link DetectorCatalog#lint} runs them.
 */
public record Rule(
    String name, Composition composition, List<Element> elements, long withinNs, double barNats, String gives,
    List<RuleTest> tests)
{
    /** Most elements of a rule. */
    public static final int ELEMENTS_MAX = 8;
    private static final double NATS_MAX = 1_000.0;
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
            if (!(leastNats > 0.0 && leastNats <= NATS_MAX))
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
        if (!(barNats >= 0.0 && barNats <= NATS_MAX))
        {
            throw new IllegalArgumentException(
                "rule " + name + ": barNats=" + barNats + "; allowed: 0 to " + NATS_MAX);
        }
        final Scenario given = Scenario.ofLabel(gives);
        if (given == null ? !ComposedScenario.isName(gives) : given.subjectRole() != Signal.ROLE_SOURCE)
        {
            throw new IllegalArgumentException("rule " + name + ": gives=" + gives +
                "; allowed: a scenario whose subject is a source, or a name that begins with " +
                ComposedScenario.PREFIX);
        }
    }

    /**
     * A rule without a bar that gives what a detector gives.
     *
     * @param name        for people.
     * @param composition how the elements hold together.
     * @param elements    of it.
     * @param withinNs    between the first element and the last.
     * @param gives       scenario of the signal.
     * @param tests       that the rule carries.
     */
    public Rule(
        final String name, final Composition composition, final List<Element> elements, final long withinNs,
        final Scenario gives, final List<RuleTest> tests)
    {
        this(name, composition, elements, withinNs, 0.0, gives.label(), tests);
    }

    /**
     * Number of the scenario that it gives.
     *
     * @return code of a detector's scenario or of a {@link ComposedScenario}.
     */
    public int givesCode()
    {
        final Scenario given = Scenario.ofLabel(gives);
        return given == null ? ComposedScenario.code(gives) : given.code();
    }
}
