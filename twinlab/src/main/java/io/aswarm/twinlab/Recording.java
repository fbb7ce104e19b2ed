package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ProcessEvent;
import io.aswarm.trust.DocumentException;

/**
 * Something recorded that is shown to detectors once more: a capture, a list of flows, a trace of processes. A reader
 * for one thread and one pass.
 */
interface Recording
{
    /** Is shown what a recording holds, in the order of its time. */
    interface Observer
    {
        /**
         * A packet, or a flow that stands for its packets, was sent; before what the sensor makes of it.
         *
         * @param packet   sent.
         * @param isAttack whether the recording's own labels, or the ground truth, call it part of the attack.
         */
        void onPacket(CapturedPacket packet, boolean isAttack);

        /**
         * What it means, as the sensor sees it.
         *
         * @param conversation valid during the call.
         */
        void onConversation(Conversation conversation);

        /**
         * The same, as the sensor delivers it to the policy: in a flood, some as the weight of others, and later.
         *
         * @param conversation valid during the call.
         */
        default void onDelivered(final Conversation conversation)
        {
            // who is not the policy
        }

        /**
         * A program began on the host of the recording.
         *
         * @param event valid during the call.
         */
        default void onProcess(final ProcessEvent event)
        {
            // who watches the network only
        }
    }

    /** What is known of it; its own labels go before what it was opened with. */
    GroundTruth truth();

    /**
     * Go to the next entry.
     *
     * @return false when there is none.
     * @throws DocumentException when the recording contradicts itself, or breaks off before its first entry.
     */
    boolean next() throws DocumentException;

    /** Where and why the recording broke off, though what came before was shown; null while it did not. */
    default String breakOff()
    {
        return null;
    }

    /** When the entry was recorded, nanoseconds since the epoch of its writer. */
    long timeNs();

    /**
     * Show the entry.
     *
     * @param nowNs    virtual time of it: its own, unless an earlier entry was later.
     * @param observer of it.
     */
    void show(long nowNs, Observer observer);

    /**
     * Let time pass in which nothing was recorded: what the sensor held back may be due.
     *
     * @param nowNs    virtual time.
     * @param observer of what is due.
     */
    default void pass(final long nowNs, final Observer observer)
    {
        // most hold nothing back
    }
}
