package io.aswarm.sketch;

/**
 * Takes what {@link FirstContacts} finds out. The contact is overwritten by the next one.
 */
interface ContactListener
{
    /** A first contact was opened. May mark the contact's state. */
    default void onOpened(final Contact contact, final int weight)
    {
    }

    /** A first contact succeeded. */
    default void onSuccess(final Contact contact, final long nowNs)
    {
    }

    /**
     * A first contact failed, or one that failed before failed again ({@link PendingContacts#AGAIN}).
     *
     * @param contact who, whom, why, and when it was opened.
     * @param weight  packets that the observation stands for.
     * @param nowNs   when the failure was noticed.
     */
    default void onFailure(final Contact contact, final int weight, final long nowNs)
    {
    }

    /** A segment of no conversation that anybody saw came from a client's port to a service's. */
    default void onStray(final Contact contact, final long nowNs)
    {
    }

    /** What is held against a contact is given back: its answer came after all, or may have. */
    default void onRetraction(final Contact contact, final long nowNs)
    {
    }
}
