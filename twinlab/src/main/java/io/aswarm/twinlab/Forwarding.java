package io.aswarm.twinlab;

/**
 * What one gateway let through in one run, judged by the send times and captures of a {@link ProbeLog}.
 *
 * @param rack                 of the gateway.
 * @param sent                 frames sent towards it.
 * @param forwardedBefore      frames sent and seen behind it before its effect was proven.
 * @param inFlight             frames sent before the proof and seen behind it after the proof.
 * @param leaked               frames sent after the proof and before the deadline that were seen behind it.
 * @param blocked              frames sent after the proof and before the deadline that nobody saw.
 * @param flowsAgainNs         when the first frame sent after the deadline was seen behind it; 0 when none was.
 */
record Forwarding(
    int rack, int sent, int forwardedBefore, int inFlight, int leaked, int blocked, long flowsAgainNs)
{
    /** The rule, in words, for output. */
    static final String DEFINITION =
        "leaked_after_effect: attack packets sent after a gateway's proven effect and before its deadline that a " +
        "capture behind it saw. Sent before and seen after: in_flight.";

    /**
     * Judge one gateway.
     *
     * @param log         of the run.
     * @param rack        of the gateway.
     * @param effectiveNs when its effect was proven; 0 when it never was, and then nothing counts as leaked.
     * @param deadlineNs  when its containment ends.
     * @return the judgement.
     */
    static Forwarding of(final ProbeLog log, final int rack, final long effectiveNs, final long deadlineNs)
    {
        int sent = 0;
        int forwardedBefore = 0;
        int inFlight = 0;
        int leaked = 0;
        int blocked = 0;
        long flowsAgainNs = 0;
        final int count = log.count();
        for (int i = 0; i < count; i++)
        {
            if (rack != log.rack(i))
            {
                continue;
            }

            sent++;
            final long sentNs = log.sentNs(i);
            final boolean seen = log.hasArrived(i);
            if (0 == effectiveNs || sentNs - effectiveNs < 0)
            {
                final boolean late = seen && 0 != effectiveNs && log.arrivedNs(i) - effectiveNs > 0;
                inFlight += late ? 1 : 0;
                forwardedBefore += seen && !late ? 1 : 0;
            }
            else if (sentNs - deadlineNs < 0)
            {
                // sent a moment before the deadline and decided a moment after it: released, not leaked
                final boolean released = seen && log.arrivedNs(i) - deadlineNs >= 0;
                leaked += seen && !released ? 1 : 0;
                blocked += seen ? 0 : 1;
            }
            else if (seen && 0 == flowsAgainNs)
            {
                flowsAgainNs = log.arrivedNs(i);
            }
        }
        return new Forwarding(rack, sent, forwardedBefore, inFlight, leaked, blocked, flowsAgainNs);
    }
}
