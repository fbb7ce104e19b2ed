package io.aswarm.sketch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what is wrong with a {@link DetectorCatalog}, and runs the tests on signals that its rules carry.
 */
final class CatalogLint
{
    private final DetectorCatalog catalog;
    private final double weakNats;
    private final List<DetectorCatalog.Finding> findings = new ArrayList<>();

    CatalogLint(final DetectorCatalog catalog, final double weakNats)
    {
        this.catalog = catalog;
        this.weakNats = weakNats;
    }

    List<DetectorCatalog.Finding> findings()
    {
        lintParameters();
        if (catalog.rules().size() > DetectorCatalog.RULES_MAX)
        {
            fault("rules", catalog.rules().size() + " rules; allowed: at most " + DetectorCatalog.RULES_MAX);
        }
        final Set<String> names = new HashSet<>();
        final Map<Integer, String> labels = new HashMap<>();
        for (final Rule rule : catalog.rules())
        {
            if (!names.add(rule.name()))
            {
                fault(rule.name(), "two rules have this name; rename one");
            }
            final String other = labels.putIfAbsent(rule.givesCode(), rule.gives());
            if (other != null && !other.equals(rule.gives()))
            {
                fault(rule.name(), rule.gives() + " and " + other + " come to one number on the wire; rename one");
            }
            lint(rule);
            runTests(rule);
        }
        return findings;
    }

    private void lintParameters()
    {
        final DetectorParameters parameters = catalog.parameters();
        final DetectorParameter[] disordered = parameters.disordered();
        if (disordered != null)
        {
            fault(disordered[0].scenario().label(), disordered[0].key() + " is " + parameters.value(disordered[0]) +
                "; allowed: below " + disordered[1].key() + ", " + parameters.value(disordered[1]));
        }
    }

    private void lint(final Rule rule)
    {
        for (final Rule.Element element : rule.elements())
        {
            final String label = element.scenario().label();
            if (catalog.use(element.scenario()) == DetectorCatalog.Use.OFF)
            {
                fault(rule.name(), label + " is off, so this element never holds; use it for rules only");
            }
            if (element.scenario().subjectRole() != Signal.ROLE_SOURCE)
            {
                fault(rule.name(), label + " has the victim as its subject and never meets the others");
            }
            if (element.leastNats() < weakNats)
            {
                warning(rule.name(), label + " asks for " + element.leastNats() + " nats, but nothing is said below " +
                    weakNats + "; it holds from there on");
            }
        }
        if (!isTested(rule, false) || !isTested(rule, true))
        {
            warning(rule.name(), "carries no test that matches, or none that does not; add the missing one");
        }
    }

    private boolean isTested(final Rule rule, final boolean matches)
    {
        return rule.tests().stream().anyMatch((test) -> test.matches() == matches) ||
            catalog.expectations().stream().anyMatch(
            (each) -> each.scenario() == rule.givesCode() && each.matches() == matches);
    }

    private void runTests(final Rule rule)
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
                fault(rule.name(), "its test \"" + test.name() + "\" " +
                    (holds ? "matches and should not" : "does not match and should"));
            }
        }
    }

    private void fault(final String where, final String what)
    {
        findings.add(new DetectorCatalog.Finding(where, what, true));
    }

    private void warning(final String where, final String what)
    {
        findings.add(new DetectorCatalog.Finding(where, what, false));
    }
}
