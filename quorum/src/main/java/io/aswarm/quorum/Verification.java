package io.aswarm.quorum;

/**
 * How a witness knows that the subject really uses the address it shows: bits on the wire. A source that proved nothing
 * may be forged, and whoever contains it may do so to a third party whom the attacker chose.
 */
public final class Verification
{
    /** The address was merely shown. */
    public static final int NONE = 0;
    /** It completed an exchange within memory, so it receives what is sent to that address. */
    public static final int EXCHANGE = 1;
    /** It is a neighbour on the link, with the link-layer address and the interface that the kernel knows it by. */
    public static final int ON_LINK = 2;
    /** It answered a challenge. */
    public static final int CHALLENGE = 4;
    /** All bits that there are. */
    public static final int ALL = EXCHANGE | ON_LINK | CHALLENGE;

    private Verification()
    {
    }
}
