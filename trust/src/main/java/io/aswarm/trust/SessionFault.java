package io.aswarm.trust;

/**
 * Why a datagram was not opened, in the order of the checks.
 */
public enum SessionFault
{
    /** Too short, or of an unknown layout. */
    MALFORMED("not a well-formed sealed datagram of a known version"),
    /** Carries this node's own id: an echo, or somebody who took the name. */
    OWN("the sender claims to be this node"),
    /** Not in the roster, revoked, or outside of its validity. */
    UNKNOWN_SENDER("the sender is not in the roster"),
    /** Sealed under a key that this node does not hold (yet, or any more); the sender is asked for it. */
    UNKNOWN_KEY("sealed under a key that this node does not hold"),
    /** Sealed when the sender did not know yet that this node holds its key, so it has no authenticator for it. */
    NOT_ADDRESSED("carries no authenticator for this node"),
    /** Forged or damaged. */
    FORGED("the authenticator or the tag does not verify");

    private static final SessionFault[] FAULTS = values();
    private final String reason;

    SessionFault(final String reason)
    {
        this.reason = reason;
    }

    /**
     * The code that {@link Session#open} returns.
     *
     * @return a negative number.
     */
    public int code()
    {
        return -1 - ordinal();
    }

    /**
     * The fault of a code.
     *
     * @param code that {@link Session#open} returned, negative.
     * @return the fault.
     */
    public static SessionFault of(final int code)
    {
        return FAULTS[-1 - code];
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
}
