package io.aswarm.sketch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which scenarios are told, which only help rules, which not at all; and the rules. Immutable; built with
 * {@link #builder()}, checked by {@link #lint}.
 */
public final class DetectorCatalog
{
    /** Most rules of one catalog. */
    public static final int RULES_MAX = 32;
    /** Every detector told, no rule. */
    public static final DetectorCatalog STANDARD = builder().build();

    private final Map<Scenario, Use> uses;
    private final DetectorParameters parameters;
    private final List<Rule> rules;

    /** What is done with a detector's signals. */
    public enum Use
    {
        /** Told, and seen by rules. */
        TOLD,
        /** Seen by rules only. */
        RULES_ONLY,
        /** Neither. */
        OFF
    }

    /**
     * A fault, or what may be one.
     *
     * @param where   rule or scenario.
     * @param what    is wrong, and what to do.
     * @param isFault whether the catalog must not be used.
     */
    public record Finding(String where, String what, boolean isFault)
    {
    }

    private DetectorCatalog(
        final Map<Scenario, Use> uses, final DetectorParameters parameters, final List<Rule> rules)
    {
        this.uses = uses;
        this.parameters = parameters;
        this.rules = rules;
    }

    /**
     * Begin with every detector told and no rule.
     *
     * @return a builder.
     */
    public static Builder builder()
    {
        return new Builder();
    }

    /**
     * What is done with a scenario's signals.
     *
     * @param scenario of a detector.
     * @return the use.
     */
    public Use use(final Scenario scenario)
    {
        return uses.getOrDefault(scenario, Use.TOLD);
    }

    /**
     * What the detectors work with.
     *
     * @return the values.
     */
    public DetectorParameters parameters()
    {
        return parameters;
    }

    /**
     * The rules.
     *
     * @return in the order given.
     */
    public List<Rule> rules()
    {
        return rules;
    }

    /**
     * Find what is wrong, and run the tests that the rules carry.
     *
     * @param weakNats evidence from which on detectors say anything at all.
     * @return findings; empty when there is nothing to say.
     */
    public List<Finding> lint(final double weakNats)
    {
        final List<Finding> findings = new ArrayList<>();
        if (rules.size() > RULES_MAX)
        {
            findings.add(new Finding("rules", rules.size() + " rules; allowed: at most " + RULES_MAX, true));
        }
        final DetectorParameter[] disordered = parameters.disordered();
        if (disordered != null)
        {
            findings.add(new Finding(disordered[0].scenario().label(), disordered[0].key() + " is " +
                parameters.value(disordered[0]) + "; allowed: below " + disordered[1].key() + ", " +
                parameters.value(disordered[1]), true));
        }
        final Set<String> names = new HashSet<>();
        for (final Rule rule : rules)
        {
            if (!names.add(rule.name()))
            {
                findings.add(new Finding(rule.name(), "two rules have this name; rename one", true));
            }
            lint(rule, weakNats, findings);
            runTests(rule, findings);
        }
        return findings;
    }

    private void lint(final Rule rule, final double weakNats, final List<Finding> findings)
    {
        for (final Rule.Element element : rule.elements())
        {
            final String label = element.scenario().label();
            if (use(element.scenario()) == Use.OFF)
            {
                findings.add(new Finding(
                    rule.name(), label + " is off, so this element never holds; use it for rules only", true));
            }
            if (element.scenario().subjectRole() != Signal.ROLE_SOURCE)
            {
                findings.add(new Finding(
                    rule.name(), label + " has the victim as its subject and never meets the others", true));
            }
            if (element.leastNats() < weakNats)
            {
                findings.add(new Finding(rule.name(), label + " asks for " + element.leastNats() +
                    " nats, but nothing is said below " + weakNats + "; it holds from there on", false));
            }
        }
        if (rule.tests().stream().noneMatch(Rule.RuleTest::matches) ||
            rule.tests().stream().allMatch(Rule.RuleTest::matches))
        {
            findings.add(new Finding(
                rule.name(), "carries no test that matches, or none that does not; add the missing one", false));
        }
    }

    private static void runTests(final Rule rule, final List<Finding> findings)
    {
        for (final Rule.RuleTest test : rule.tests())
        {
            final RuleState state = new RuleState(rule);
            boolean holds = false;
            for (final Rule.Step step : test.steps())
            {
                holds |= state.onSignal(step.scenario(), step.nats(), step.atNs()) > 0.0;
            }
            if (holds != test.matches())
            {
                findings.add(new Finding(rule.name(), "its test \"" + test.name() + "\" " +
                    (holds ? "matches and should not" : "does not match and should"), true));
            }
        }
    }

    /** Collects uses and rules. */
    public static final class Builder
    {
        private final Map<Scenario, Use> uses = new EnumMap<>(Scenario.class);
        private final List<Rule> rules = new ArrayList<>();
        private DetectorParameters parameters = DetectorParameters.STANDARD;

        private Builder()
        {
        }

        /**
         * Say what is done with a detector's signals.
         *
         * @param scenario of the detector.
         * @param use      of its signals.
         * @return this.
         */
        public Builder use(final Scenario scenario, final Use use)
        {
            uses.put(scenario, use);
            return this;
        }

        /**
         * Tune the detectors.
         *
         * @param values of all parameters.
         * @return this.
         */
        public Builder parameters(final DetectorParameters values)
        {
            parameters = values;
            return this;
        }

        /**
         * Add a rule.
         *
         * @param rule to add.
         * @return this.
         */
        public Builder rule(final Rule rule)
        {
            rules.add(rule);
            return this;
        }

        /**
         * Freeze.
         *
         * @return the catalog.
         */
        public DetectorCatalog build()
        {
            final Map<Scenario, Use> copy = new EnumMap<>(Scenario.class);
            copy.putAll(uses);
            return new DetectorCatalog(copy, parameters, List.copyOf(rules));
        }
    }
}
