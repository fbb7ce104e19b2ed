package io.aswarm.sketch;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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
    private final List<Expectation> expectations;

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
        final Map<Scenario, Use> uses, final DetectorParameters parameters, final List<Rule> rules,
        final List<Expectation> expectations)
    {
        this.uses = uses;
        this.parameters = parameters;
        this.rules = rules;
        this.expectations = expectations;
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
     * The tests of detectors and rules on events; {@link Rehearsal} runs them.
     *
     * @return in the order given.
     */
    public List<Expectation> expectations()
    {
        return expectations;
    }

    /**
     * Name of a scenario that a rule of this catalog composes.
     *
     * @param code of a {@link ComposedScenario}.
     * @return null where no rule gives it.
     */
    public String composed(final int code)
    {
        return rules.stream().filter((rule) -> rule.givesCode() == code).map(Rule::gives).findFirst().orElse(null);
    }

    /**
     * Find what is wrong, and run the tests on signals that the rules carry.
     *
     * @param weakNats evidence from which on detectors say anything at all.
     * @return findings; empty when there is nothing to say.
     */
    public List<Finding> lint(final double weakNats)
    {
        return new CatalogLint(this, weakNats).findings();
    }

    /** Collects uses and rules. */
    public static final class Builder
    {
        private final Map<Scenario, Use> uses = new EnumMap<>(Scenario.class);
        private final List<Rule> rules = new ArrayList<>();
        private final List<Expectation> expectations = new ArrayList<>();
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
         * Add a test on events.
         *
         * @param expectation to add.
         * @return this.
         */
        public Builder expectation(final Expectation expectation)
        {
            expectations.add(expectation);
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
            return new DetectorCatalog(copy, parameters, List.copyOf(rules), List.copyOf(expectations));
        }
    }
}
