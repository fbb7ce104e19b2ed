package io.aswarm.sketch;

/**
 * Decides when evidence is worth telling and tells it: first when it passes the weak threshold, then each time it
 * exceeds what the last signal still stands for by a step, and when its source turned out to be verified. What was
 * told decays as evidence does at its receivers, so a lasting attack is told again, and no more often than evidence
 * grows by a step.
 */
final class SignalGate
{
    private final double weakNats;
    private final double stepNats;
    private final Decay decay;
    private final SignalHandler handler;
    private final SketchCounters counters;
    private final Signal signal;
    private final Signal ruleSignal;
    private final Rules rules;
    private final DetectorCatalog.Use[] uses;
    private final Exemptions exemptions;

    SignalGate(
        final LocalPolicyConfig config, final Exemptions exemptions, final SignalHandler handler,
        final SketchCounters counters)
    {
        this.exemptions = exemptions;
        this.weakNats = config.weakNats();
        this.stepNats = config.stepNats();
        this.decay = new Decay(config.halfLifeNs());
        this.handler = handler;
        this.counters = counters;
        this.signal = new Signal(weakNats);
        this.ruleSignal = new Signal(weakNats);
        this.rules = new Rules(config.catalog().rules(), config.evidenceMaxNats());
        this.uses = new DetectorCatalog.Use[Scenario.values().length + 1];
        for (final Scenario scenario : Scenario.values())
        {
            uses[scenario.code()] = config.catalog().use(scenario);
        }
    }

    /**
     * Whether evidence should be told now.
     *
     * @param evidenceNats  as it stands.
     * @param signalledNats evidence of the episode's last signal, 0 before the first.
     * @param elapsedNs     since that signal.
     * @return true when it should.
     */
    boolean isDue(final double evidenceNats, final double signalledNats, final long elapsedNs)
    {
        return evidenceNats >= weakNats &&
            (signalledNats == 0.0 || evidenceNats >= decay.left(signalledNats, elapsedNs) + stepNats);
    }

    /**
     * Whether evidence that was told should be told again if its source is verified by more than in any signal of the
     * episode: a host that nobody spoke with yet is bound to its link by the first answer to it, and what may be done
     * to it depends on that.
     *
     * @param evidenceNats  as it stands.
     * @param signalledNats evidence of the episode's last signal, 0 before the first.
     * @return true when it should.
     */
    boolean isDueIfVerifiedByMore(final double evidenceNats, final double signalledNats)
    {
        return signalledNats != 0.0 && evidenceNats >= weakNats;
    }

    /** The view to fill before {@link #publish()}. */
    Signal signal()
    {
        return signal;
    }

    /** Tell it, if the catalog lets it be told, and whatever rules follow from it. */
    void publish()
    {
        final DetectorCatalog.Use use = uses[signal.scenario()];
        if (use == DetectorCatalog.Use.TOLD)
        {
            tell(signal);
        }
        if (use != DetectorCatalog.Use.OFF)
        {
            for (int rule = 0; rule < rules.count(); rule++)
            {
                if (rules.onSignal(rule, signal, this, ruleSignal))
                {
                    counters.increment(SketchCounter.RULES_HELD);
                    tell(ruleSignal);
                }
            }
        }
    }

    private void tell(final Signal told)
    {
        exemptions.explain(told.subjectHigh(), told.subjectLow(), told.explanation().circumstances());
        counters.increment(SketchCounter.SIGNALS);
        handler.onSignal(told);
    }
}
