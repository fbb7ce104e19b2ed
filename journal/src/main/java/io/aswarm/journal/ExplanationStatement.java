package io.aswarm.journal;

import java.util.List;

/**
 * Why the certifying node itself held something against a subject: what it observed, how often, and how much each
 * added. Bounded by whoever makes it; at most {@link #CAUSES_MAX} causes and {@link #LATEST_MAX} observations are
 * certified.
 *
 * @param signalId     of the signal, by which the node and its event log name it.
 * @param evidenceNats of the signal; evidence halves with time, so that the causes' sum may be more.
 * @param toldFromNats evidence from which a signal is given at all.
 * @param causes       in the order in which they were first observed.
 * @param latest       observations one by one, the youngest first.
 */
public record ExplanationStatement(
    String signalId, double evidenceNats, double toldFromNats, List<Cause> causes, List<Observation> latest)
{
    /** Most causes that a certificate names. */
    public static final int CAUSES_MAX = 16;
    /** Most observations that a certificate lists. */
    public static final int LATEST_MAX = 16;

    /**
     * One kind of observation.
     *
     * @param cause    by name.
     * @param sentence what was observed, for people.
     * @param count    how often.
     * @param nats     how much it added; negative for what speaks for the subject.
     */
    public record Cause(String cause, String sentence, int count, double nats)
    {
    }

    /**
     * One observation.
     *
     * @param cause   by name.
     * @param atNs    monotonic clock.
     * @param nats    how much it added.
     * @param address that it was about; empty for none.
     * @param port    that it was about; 0 for none.
     */
    public record Observation(String cause, long atNs, double nats, String address, int port)
    {
    }

    /**
     * Copies its lists, up to their limits.
     */
    public ExplanationStatement
    {
        causes = List.copyOf(causes.subList(0, Math.min(CAUSES_MAX, causes.size())));
        latest = List.copyOf(latest.subList(0, Math.min(LATEST_MAX, latest.size())));
    }
}
