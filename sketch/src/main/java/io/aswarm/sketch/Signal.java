package io.aswarm.sketch;

/**
 * Evidence against one subject, as one node sees it. A view that {@link LocalPolicy} fills again for each signal: valid
 * during {@link SignalHandler#onSignal} only.
 */
public final class Signal
{
    /** {@link #subjectRole()}: the subject sends what is suspected. */
    public static final int ROLE_SOURCE = 1;
    /** {@link #subjectRole()}: the subject is what it is sent to, by many or by forged sources. */
    public static final int ROLE_AIM = 2;
    /** {@link #verification()} bit: the subject completed an exchange lately, so it receives at its address. */
    public static final int VERIFIED_EXCHANGE = 1;
    /** {@link #verification()} bit: its frames carried the MAC, and came by the interface, bound to its address. */
    public static final int VERIFIED_ON_LINK = 2;
    /** {@link #verification()} bit: it answered a challenge. */
    public static final int VERIFIED_CHALLENGE = 4;

    private int scenario;
    private int subjectRole;
    private int verification;
    private long subjectHigh;
    private long subjectLow;
    private double evidenceNats;
    private int count;
    private int distinctHosts;
    private int distinctPorts;
    private int aimPort;
    private long aimHigh;
    private long aimLow;
    private long firstSeenNs;
    private long lastSeenNs;
    private final Explanation explanation;

    Signal(final double weakNats)
    {
        explanation = new Explanation(this, weakNats);
    }

    /**
     * What the subject is suspected of.
     *
     * @return code of a {@link Scenario}, or of a {@link ComposedScenario}.
     */
    public int scenario()
    {
        return scenario;
    }

    /**
     * What the subject is in the scenario.
     *
     * @return {@link #ROLE_SOURCE} or {@link #ROLE_AIM}.
     */
    public int subjectRole()
    {
        return subjectRole;
    }

    /**
     * How it is known that the subject really sent what is held against it. An address that was merely shown may be
     * forged.
     *
     * @return {@code VERIFIED_} bits; 0 where it was merely shown, and for {@link #ROLE_AIM}.
     */
    public int verification()
    {
        return verification;
    }

    /**
     * First eight bytes of the suspected address.
     *
     * @return first eight bytes of the suspected address.
     */
    public long subjectHigh()
    {
        return subjectHigh;
    }

    /**
     * Last eight bytes of the suspected address.
     *
     * @return last eight bytes of the suspected address.
     */
    public long subjectLow()
    {
        return subjectLow;
    }

    /**
     * Log-likelihood ratio of the whole episode: how much better the scenario explains it than benign traffic does.
     *
     * @return nats, above 0.
     */
    public double evidenceNats()
    {
        return evidenceNats;
    }

    /**
     * Observations that spoke against the subject in this episode, of whatever its scenario counts: first contacts that
     * failed, openings that were not finished, samples of volume, calls.
     *
     * @return at least 1.
     */
    public int count()
    {
        return count;
    }

    /**
     * Distinct addresses on the other side in this episode, an estimate: aims of a source, sources at an aim.
     *
     * @return at least 1; see {@link FanOutSketch} for the error.
     */
    public int distinctHosts()
    {
        return distinctHosts;
    }

    /**
     * Distinct ports that were asked for in this episode, an estimate.
     *
     * @return at least 1; see {@link FanOutSketch} for the error.
     */
    public int distinctPorts()
    {
        return distinctPorts;
    }

    /**
     * The one port that everything in this episode was aimed at.
     *
     * @return the port, or 0 when there were several or the protocol has none.
     */
    public int aimPort()
    {
        return aimPort;
    }

    /**
     * First eight bytes of the one address that everything in this episode was aimed at.
     *
     * @return both halves are 0 when there were several.
     */
    public long aimHigh()
    {
        return aimHigh;
    }

    /**
     * Last eight bytes of the one address that everything in this episode was aimed at.
     *
     * @return both halves are 0 when there were several.
     */
    public long aimLow()
    {
        return aimLow;
    }

    /**
     * When the earliest observation of the episode was made; of first contacts, when the earliest was opened.
     *
     * @return CLOCK_MONOTONIC in nanoseconds.
     */
    public long firstSeenNs()
    {
        return firstSeenNs;
    }

    /**
     * When the latest observation of the episode was made.
     *
     * @return CLOCK_MONOTONIC in nanoseconds.
     */
    public long lastSeenNs()
    {
        return lastSeenNs;
    }

    /**
     * Why: which observations made the evidence.
     *
     * @return a view, valid as long as the signal is.
     */
    public Explanation explanation()
    {
        return explanation;
    }

    Signal subject(final Scenario of, final long high, final long low)
    {
        return subject(of.code(), of.subjectRole(), high, low);
    }

    Signal subject(final int code, final int role, final long high, final long low)
    {
        scenario = code;
        subjectRole = role;
        verification = 0;
        explanation.of(null, 0);
        explanation.circumstances().clear();
        subjectHigh = high;
        subjectLow = low;
        return this;
    }

    Signal evidence(final double nats, final int observations)
    {
        evidenceNats = nats;
        count = observations;
        return this;
    }

    Signal spread(final int hosts, final int ports)
    {
        distinctHosts = Math.max(1, hosts);
        distinctPorts = Math.max(1, ports);
        return this;
    }

    Signal verified(final int bits)
    {
        verification = bits;
        return this;
    }

    Signal explained(final ContributionLog log, final int slot)
    {
        explanation.of(log, slot);
        return this;
    }

    Signal against(final int windows, final double weight, final double usualBytesPerSecond)
    {
        explanation.circumstances().baseline(windows, weight, usualBytesPerSecond);
        return this;
    }

    Signal ranked(final HeavyHitters sources)
    {
        explanation.circumstances().ranked(sources);
        return this;
    }

    Signal aim(final long high, final long low, final int port)
    {
        aimHigh = high;
        aimLow = low;
        aimPort = port;
        return this;
    }

    Signal seen(final long firstNs, final long lastNs)
    {
        firstSeenNs = firstNs;
        lastSeenNs = lastNs;
        return this;
    }
}
