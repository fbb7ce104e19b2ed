package io.aswarm.sketch;

/**
 * Tells the detectors how first contacts fare, except what is excused ({@link FailureAllowance}) or declared
 * ({@link Exemptions}), and gives back what they held against a contact that is answered after all.
 */
final class ContactTeller
{
    private static final long LOSS_WINDOW_NS = 2_000_000_000L;

    private final FailureAllowance failureAllowance;
    private final Exemptions exemptions;
    private final ContactListener[] listeners;
    private final SketchCounters counters;

    ContactTeller(final Workshop workshop, final ContactListener... listeners)
    {
        this.failureAllowance = new FailureAllowance(
            workshop.memory(), workshop.key().derive(8), LOSS_WINDOW_NS);
        this.exemptions = workshop.exemptions();
        this.listeners = listeners.clone();
        this.counters = workshop.counters();
    }

    /** A contact is about to wait; listeners may mark it and hold something against it. */
    void opened(final Contact contact, final int weight)
    {
        // An exemption with a rate is only asked, and used up, when something is at stake.
        if (contact.pendingPorts > 1 && isExempt(contact, contact.openedNs))
        {
            contact.pendingPorts = 0;
        }
        for (final ContactListener listener : listeners)
        {
            listener.onOpened(contact, Math.max(1, weight));
        }
    }

    /** A contact was completed. */
    void succeeded(final Contact contact, final long nowNs)
    {
        answered(contact, nowNs);
        failureAllowance.onSuccess(contact);
        counters.increment(SketchCounter.CONTACTS_SUCCEEDED);
        for (final ContactListener listener : listeners)
        {
            listener.onSuccess(contact, nowNs);
        }
    }

    /** A contact failed, for its cause. */
    void failed(final Contact contact, final int weight, final long nowNs)
    {
        if (failureAllowance.excuses(contact))
        {
            counters.increment(SketchCounter.FAILURES_ALLOWED);
            giveBack(contact, nowNs);
        }
        else
        {
            unanswered(contact, weight, nowNs);
        }
    }

    /** A contact failed for a cause of which nothing is excused. */
    void unanswered(final Contact contact, final int weight, final long nowNs)
    {
        if (isExempt(contact, nowNs))
        {
            giveBack(contact, nowNs);
            return;
        }
        for (final ContactListener listener : listeners)
        {
            listener.onFailure(contact, Math.max(1, weight), nowNs);
        }
    }

    /** A segment of no conversation. */
    void stray(final Contact contact, final long nowNs)
    {
        if (!isExempt(contact, nowNs))
        {
            for (final ContactListener listener : listeners)
            {
                listener.onStray(contact, nowNs);
            }
        }
    }

    /** The answer came, if late. */
    void answered(final Contact contact, final long nowNs)
    {
        if (contact.isJudged)
        {
            counters.increment(SketchCounter.FAILURES_RETRACTED);
        }
        giveBack(contact, nowNs);
    }

    /** Nothing is held against the contact any longer. */
    void giveBack(final Contact contact, final long nowNs)
    {
        if (contact.heldNats > 0.0)
        {
            for (final ContactListener listener : listeners)
            {
                listener.onRetraction(contact, nowNs);
            }
            contact.heldNats = 0.0;
        }
    }

    private boolean isExempt(final Contact contact, final long nowNs)
    {
        return exemptions.spare(contact.sourceHigh, contact.sourceLow, nowNs);
    }

    void onTick(final long nowNs)
    {
        failureAllowance.onTick(nowNs);
    }
}
