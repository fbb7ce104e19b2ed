package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;

/**
 * A detector with fixed thresholds as a peer ships it, written anew from its documentation for comparison on the same
 * recording. It is given every advantage: what its firewall would log is known without a firewall
 * ({@link ServedPorts}), its log arrives at once, and it never loses a line.
 */
abstract class ReferenceDetector implements Recording.Observer
{
    /** Is told whom the detector accuses. */
    interface Sink
    {
        /**
         * An alert.
         *
         * @param subject accused.
         * @param isAim   whether the subject is the victim of the attack.
         */
        void onAlert(IpAddress subject, boolean isAim);
    }

    private final String label;
    private Sink sink;

    ReferenceDetector(final String label)
    {
        this.label = label;
    }

    /** Name in reports. */
    final String label()
    {
        return label;
    }

    /** Alerts go there from now on. */
    final void sink(final Sink newSink)
    {
        sink = newSink;
    }

    final void alert(final IpAddress subject, final boolean isAim)
    {
        sink.onAlert(subject, isAim);
    }

    @Override
    public void onPacket(final CapturedPacket packet, final boolean isAttack)
    {
        // most look at conversations only
    }

    @Override
    public void onConversation(final Conversation conversation)
    {
        // some look at packets only
    }

    /**
     * Let time pass.
     *
     * @param nowNs virtual time.
     */
    void onTick(final long nowNs)
    {
        // some look at the clock only when something happens
    }

    static IpAddress initiator(final Conversation conversation)
    {
        return new IpAddress(conversation.initiatorHigh(), conversation.initiatorLow());
    }

    static IpAddress responder(final Conversation conversation)
    {
        return new IpAddress(conversation.responderHigh(), conversation.responderLow());
    }
}
