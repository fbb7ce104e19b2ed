package io.aswarm.trust;

/**
 * What became of an order, in the order of the checks.
 */
public enum OrderVerdict
{
    /** In force from now on. */
    ACCEPTED("in force"),
    /** The order that is in force already: nothing to do. */
    REPEATED("in force already"),
    /** Not an order of a known form. */
    MALFORMED("not a well-formed order of a known form"),
    /** Of another site. */
    OTHER_SITE("given for another site"),
    /** Issued later than now. */
    NOT_YET("issued in the future"),
    /** Its time is over. */
    EXPIRED("its time is over"),
    /** A later one was accepted before. */
    SUPERSEDED("an order issued later was accepted before"),
    /** Not two operators. */
    TOO_FEW_SIGNERS("signed by fewer than two operators"),
    /** One operator twice. */
    SIGNED_TWICE("one operator signed twice"),
    /** By somebody else. */
    UNKNOWN_SIGNER("signed by somebody who is not an operator of the roster"),
    /** By an operator whose time is over or has not begun. */
    SIGNER_EXPIRED("signed by an operator outside of the time for which the roster lists them"),
    /** Forged or changed. */
    BAD_SIGNATURE("a signature does not verify: the order was changed after it was signed, or another key signed it");

    private final String reason;

    OrderVerdict(final String reason)
    {
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
}
