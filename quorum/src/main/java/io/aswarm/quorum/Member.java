package io.aswarm.quorum;

/**
 * A node of the roster as this node knows it.
 *
 * @param nodeId     on the wire.
 * @param name       in the roster.
 * @param live       whether it was heard within the liveness limit; always for this node itself.
 * @param heardAgoNs since it was heard, or {@link #NEVER_HEARD}.
 */
public record Member(int nodeId, String name, boolean live, long heardAgoNs)
{
    /** Stands for a node that was not heard since this one started. */
    public static final long NEVER_HEARD = -1;
}
