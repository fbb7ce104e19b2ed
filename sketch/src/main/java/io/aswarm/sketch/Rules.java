package io.aswarm.sketch;

import java.util.List;

/**
 * Follows the rules of the catalog for the subjects that signals speak of. Signals are rare, so subjects are kept in a
 * plain array of fixed size, {@value #SUBJECTS_MAX} for each rule; the one unheard of for longest gives way. Nothing is
 * allocated after construction.
 */
final class Rules
{
    static final int SUBJECTS_MAX = 64;
    private static final Scenario[] SCENARIOS = byCode();

    private final RuleState[][] states;
    private final int[] gives;
    private final long[][] high;
    private final long[][] low;
    private final double[][] toldNats;
    private final long[][] toldNs;
    private final double evidenceMaxNats;

    Rules(final List<Rule> rules, final double evidenceMaxNats)
    {
        this.states = new RuleState[rules.size()][SUBJECTS_MAX];
        this.gives = rules.stream().mapToInt(Rule::givesCode).toArray();
        this.high = new long[rules.size()][SUBJECTS_MAX];
        this.low = new long[rules.size()][SUBJECTS_MAX];
        this.toldNats = new double[rules.size()][SUBJECTS_MAX];
        this.toldNs = new long[rules.size()][SUBJECTS_MAX];
        this.evidenceMaxNats = evidenceMaxNats;
        for (int rule = 0; rule < states.length; rule++)
        {
            for (int subject = 0; subject < SUBJECTS_MAX; subject++)
            {
                states[rule][subject] = new RuleState(rules.get(rule));
            }
        }
    }

    int count()
    {
        return states.length;
    }

    /**
     * A detector spoke.
     *
     * @param rule   to ask.
     * @param signal of the detector.
     * @param gate   that says whether the rule's signal is due.
     * @param out    filled if so.
     * @return whether it is.
     */
    boolean onSignal(final int rule, final Signal signal, final SignalGate gate, final Signal out)
    {
        if (signal.subjectRole() != Signal.ROLE_SOURCE || !isElement(rule, signal.scenario()))
        {
            return false;
        }
        final int subject = subject(rule, signal.subjectHigh(), signal.subjectLow());
        final RuleState state = states[rule][subject];
        final long nowNs = signal.lastSeenNs();
        final double nats = Math.min(
            evidenceMaxNats, state.onSignal(scenario(signal.scenario()), signal.evidenceNats(), nowNs));
        if (!gate.isDue(nats, toldNats[rule][subject], nowNs - toldNs[rule][subject]))
        {
            return false;
        }
        toldNats[rule][subject] = nats;
        toldNs[rule][subject] = nowNs;
        out.subject(gives[rule], Signal.ROLE_SOURCE, signal.subjectHigh(), signal.subjectLow())
            .evidence(nats, signal.count())
            .spread(signal.distinctHosts(), signal.distinctPorts())
            .aim(signal.aimHigh(), signal.aimLow(), signal.aimPort())
            .verified(signal.verification())
            .seen(signal.firstSeenNs(), nowNs)
            .explanation().circumstances().composedOf(state);
        return true;
    }

    private boolean isElement(final int rule, final int scenario)
    {
        final List<Rule.Element> elements = states[rule][0].rule().elements();
        for (int i = 0; i < elements.size(); i++)
        {
            if (elements.get(i).scenario().code() == scenario)
            {
                return true;
            }
        }
        return false;
    }

    private static Scenario scenario(final int code)
    {
        return SCENARIOS[code];
    }

    private static Scenario[] byCode()
    {
        final Scenario[] scenarios = new Scenario[Scenario.values().length + 1];
        for (final Scenario scenario : Scenario.values())
        {
            scenarios[scenario.code()] = scenario;
        }
        return scenarios;
    }

    private int subject(final int rule, final long subjectHigh, final long subjectLow)
    {
        int oldest = 0;
        for (int subject = 0; subject < SUBJECTS_MAX; subject++)
        {
            if (!states[rule][subject].isUsed())
            {
                oldest = subject;
                break;
            }
            if (high[rule][subject] == subjectHigh && low[rule][subject] == subjectLow)
            {
                return subject;
            }
            if (states[rule][subject].lastNs() < states[rule][oldest].lastNs())
            {
                oldest = subject;
            }
        }
        states[rule][oldest].clear();
        high[rule][oldest] = subjectHigh;
        low[rule][oldest] = subjectLow;
        toldNats[rule][oldest] = 0.0;
        return oldest;
    }
}
