package io.aswarm.quorum;

/**
 * What became of a message from the mesh, in the order in which the checks run: cheap ones before the signature.
 */
public enum Verdict
{
    /** Authentic and fresh. */
    ACCEPTED(QuorumCounter.ACCEPTED, "accepted"),
    /** This node's own message, heard back. */
    OWN(null, "this node's own message"),
    /** Wrong length, layout, version or impossible content. */
    MALFORMED(QuorumCounter.REFUSED_MALFORMED, "not a well-formed message of a known version"),
    /** Not in the roster. */
    UNKNOWN_SENDER(QuorumCounter.REFUSED_UNKNOWN_SENDER, "the sender is not in the roster"),
    /** In the roster, but not at this time. */
    EXPIRED(QuorumCounter.REFUSED_EXPIRED, "the sender's time in the roster is over or has not begun"),
    /** Carries this node's number but is not of this boot. */
    OWN_IDENTITY(QuorumCounter.REFUSED_OWN_IDENTITY, "the sender claims to be this node"),
    /** The sender has restarted since. */
    OLD_BOOT(QuorumCounter.REFUSED_OLD_BOOT, "from before the sender's last start"),
    /** Sent too long ago. */
    STALE(QuorumCounter.REFUSED_STALE, "sent longer ago than the age limit"),
    /** Sent later than now. */
    FUTURE(QuorumCounter.REFUSED_FUTURE, "sent in the future"),
    /** Received before. */
    DUPLICATE(QuorumCounter.DUPLICATES, "received before"),
    /** So far behind that nobody remembers whether it was received before. */
    BEHIND_WINDOW(QuorumCounter.REFUSED_BEHIND_WINDOW, "sequence behind the replay window"),
    /** Dropped unchecked. */
    CHECK_BUDGET(QuorumCounter.REFUSED_CHECK_BUDGET, "no signature check left in the budget"),
    /** Forged or damaged. */
    BAD_SIGNATURE(QuorumCounter.REFUSED_BAD_SIGNATURE, "the signature does not verify"),
    /** Sealed under a key that this node has not, or not any more. */
    UNKNOWN_KEY(QuorumCounter.REFUSED_UNKNOWN_KEY, "sealed under a key that this node does not hold"),
    /** Sealed before the sender knew that this node holds its key; the signed form follows. */
    NOT_ADDRESSED(QuorumCounter.REFUSED_NOT_ADDRESSED, "sealed for others"),
    /** The authenticator or the tag does not verify. */
    FORGED(QuorumCounter.REFUSED_FORGED, "sealed by somebody else than it says"),
    /** Sealed by a node that lately did not sign what it had sealed. */
    MUST_SIGN(QuorumCounter.REFUSED_MUST_SIGN, "the sender lately left a deposit unsigned");

    private final QuorumCounter counter;
    private final String reason;

    Verdict(final QuorumCounter counter, final String reason)
    {
        this.counter = counter;
        this.reason = reason;
    }

    /**
     * The reason in words.
     *
     * @return a phrase.
     */
    public String reason()
    {
        return reason;
    }

    QuorumCounter counter()
    {
        return counter;
    }
}
