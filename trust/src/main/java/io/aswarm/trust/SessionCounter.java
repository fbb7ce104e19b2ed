package io.aswarm.trust;

/**
 * What happened while keys were agreed on. The caller publishes the numbers of {@link SessionKeys#count} under these
 * labels.
 */
public enum SessionCounter
{
    /** Peers whose keys were agreed on. */
    AGREED("session.agreed", "pairs of keys agreed on with a peer, each rekey included"),
    /** Own keys made. */
    REKEYS("session.rekeys", "sender keys that this node made, the first of its start included"),
    /** Refused for their form. */
    REFUSED_MALFORMED("session.refused.malformed", "handshake messages of unknown layout or impossible content"),
    /** Refused for their sender. */
    REFUSED_UNKNOWN_SENDER("session.refused.unknown_sender", "handshake messages of nodes that are not in the roster"),
    /** From before the sender's last start. */
    REFUSED_OLD("session.refused.old", "offers from before the peer's newest, or outside of their time"),
    /** Not verified. */
    REFUSED_BUDGET("session.refused.budget", "offers dropped unverified: no signature check was left in the budget"),
    /** Bad signature. */
    REFUSED_FORGED("session.refused.forged", "handshake messages whose signature, tag or digest does not verify"),
    /** No room. */
    REFUSED_REASSEMBLY("session.refused.reassembly", "offers given up before all their fragments had come");

    private final String label;
    private final String sentence;

    SessionCounter(final String label, final String sentence)
    {
        this.label = label;
        this.sentence = sentence;
    }

    /**
     * Name of the counter.
     *
     * @return dotted lower case words.
     */
    public String label()
    {
        return label;
    }

    /**
     * What is counted.
     *
     * @return a phrase; the unit is the thing named first.
     */
    public String sentence()
    {
        return sentence;
    }
}
