package io.aswarm.sketch;

/**
 * Finds the first contacts in the stream of conversation events and says how each one ended. A first contact is a
 * (source, destination, port, protocol) that was not seen before. It ends as
 * <ul>
 * <li><b>success</b>: TCP established; for other protocols any answer. A TCP SYN-ACK alone is the responder's success,
 * not the initiator's: a half-open scanner stops there. It ends the wait for an answer but not the wait for the
 * handshake.</li>
 * <li><b>failure</b>: refused or unreachable, at once; TCP reset by its initiator after the SYN-ACK, at once; TCP not
 * established within {@code answerTimeoutNs} after the SYN-ACK was seen; <b>silence</b>, but only if something of the
 * destination's network (IPv4 /24, IPv6 /64) was seen answering in that protocol: where the way back never passed
 * here, silence says nothing. Silence is noticed after {@code answerTimeoutNs}, or as soon as the answer is overdue by
 * what {@link AnswerTimes} learned of that network and was overtaken. If the answer comes after all, the failure is
 * retracted.</li>
 * <li><b>unreached</b> or <b>unanswered</b>: silence where nothing was ever seen answering, of a source that completed
 * an exchange lately, or of one that did not. Failures of their own cause, which say less ({@link
 * SequentialScanTest}).</li>
 * <li><b>unknown</b>: the rest. So is silence while the sensor collapsed answers to the source
 * ({@link CollapsedAnswers}).</li>
 * </ul>
 * A few failures among many successes are not told ({@link FailureAllowance}).
 * A contact that failed is told again when it fails again later than {@code repeatNs}, marked as such, so that whoever
 * goes on scanning the same hosts is not forgotten. A contact that had to make room before it was judged is not
 * remembered either, so that its answer, when it is a refusal or a completion, still counts as that of a first contact.
 */
final class FirstContacts
{
    /** Share of answers that come within the learned timeout; RFC 6298 aims at more. */
    static final double ANSWERED_IN_TIME = 0.98;
    private static final int SERVICE_PORTS = 1_024;
    private static final long LOSS_WINDOW_NS = 2_000_000_000L;

    private final ContactMemory memory;
    private final ContactMemory failures;
    private final ContactMemory recentFailures;
    private final AnswerTimes answerTimes;
    private final PendingContacts pending;
    private final FailureAllowance failureAllowance;
    private final ContactMemory speakers;
    private final KeyedHash contactHash;
    private final KeyedHash speakerHash;
    private final KeyedHash networkHash;
    private final CollapsedAnswers collapsedAnswers;
    private final Verification verification;
    private final Exemptions exemptions;
    private final ContactListener[] listeners;
    private final SketchCounters counters;
    private final Contact contact = new Contact();

    FirstContacts(
        final LocalPolicyConfig config,
        final SketchMemory memory,
        final KeyedHash keyedHash,
        final CollapsedAnswers collapsedAnswers,
        final Verification verification,
        final Exemptions exemptions,
        final ContactListener[] listeners,
        final SketchCounters counters)
    {
        this.memory = contactMemory(memory, config.contactsMax(), config.contactMemoryNs());
        final int failuresMax = Math.max(64, config.contactsMax() / 4);
        this.failures = contactMemory(memory, failuresMax, config.contactMemoryNs());
        this.recentFailures = contactMemory(memory, failuresMax, config.repeatNs());
        final int networks = config.networksMax();
        this.answerTimes = new AnswerTimes(
            memory.allocate(AnswerTimes.memoryLength(networks)),
            new SlotIndex(memory.allocate(SlotIndex.memoryLength(networks)), networks),
            config.answerTimeoutNs(), config.contactMemoryNs());
        this.pending = new PendingContacts(
            memory.allocate(PendingContacts.memoryLength(config.pendingMax())), config.pendingMax(),
            config.answerTimeoutNs());
        this.failureAllowance = new FailureAllowance(memory, keyedHash.derive(8), LOSS_WINDOW_NS);
        this.speakers = contactMemory(memory, failuresMax, config.contactMemoryNs());
        this.contactHash = keyedHash;
        this.speakerHash = keyedHash.derive(29);
        this.networkHash = keyedHash.derive(5);
        this.collapsedAnswers = collapsedAnswers;
        this.verification = verification;
        this.exemptions = exemptions;
        this.listeners = listeners;
        this.counters = counters;
    }

    private static ContactMemory contactMemory(final SketchMemory memory, final int contactsMax, final long lifeNs)
    {
        return new ContactMemory(memory.allocate(ContactMemory.memoryLength(contactsMax)), contactsMax, lifeNs);
    }

    /** A contact was opened. Returns whether it is known to have succeeded before. */
    boolean onOpened(final long hash, final Conversation c)
    {
        final boolean isKnown = memory.seen(hash);
        if (!isKnown)
        {
            onUnknownOpened(hash, c);
        }
        return isKnown;
    }

    private void onUnknownOpened(final long hash, final Conversation c)
    {
        final int waiting = pending.find(hash);
        if (waiting != PendingContacts.NONE)
        {
            pending.mark(waiting, PendingContacts.REPEATED);
            return;
        }
        if (recentFailures.knows(hash) || Contact.isGroup(c.responderHigh(), c.responderLow()))
        {
            return;
        }
        contact.set(hash, c);
        heard(contact.sourceHigh, contact.sourceLow, contact.openedNs);
        if (failures.knows(hash))
        {
            contact.state |= PendingContacts.AGAIN;
        }
        else
        {
            counters.increment(SketchCounter.FIRST_CONTACTS);
        }
        for (final ContactListener listener : listeners)
        {
            listener.onOpened(contact, Math.max(1, c.weight()));
        }
        if (pending.isFull())
        {
            counters.increment(SketchCounter.PENDING_FULL);
            pending.remove(pending.dispensable());
        }
        pending.add(contact, answerTimes.timeoutNs(answerTimes.find(network(contact))));
    }

    void onAccepted(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry == PendingContacts.NONE)
        {
            answerTimes.answered(network(c), c.timeNs());
        }
        else
        {
            answered(entry, c);
            if (c.protocol() == ConversationKind.TCP)
            {
                pending.mark(entry, PendingContacts.ACCEPTED);
                if (pending.isJudged(entry))
                {
                    pending.read(entry, contact);
                    retract(c.timeNs());
                    pending.waitLonger(entry, c.timeNs());
                }
            }
        }
        if (c.protocol() != ConversationKind.TCP)
        {
            onCompleted(hash, c);
        }
    }

    /** A contact was completed. Returns whether it was a first one. */
    boolean onCompleted(final long hash, final Conversation c)
    {
        final boolean isFirst = settle(hash, c);
        if (isFirst)
        {
            if (contact.heldNats > 0.0)
            {
                retract(c.timeNs());
            }
            remember(c.timeNs());
            failureAllowance.onSuccess(contact);
            counters.increment(SketchCounter.CONTACTS_SUCCEEDED);
            for (final ContactListener listener : listeners)
            {
                listener.onSuccess(contact, c.timeNs());
            }
        }
        return isFirst;
    }

    void onRefused(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry == PendingContacts.NONE)
        {
            answerTimes.answered(network(c), c.timeNs());
        }
        else
        {
            answered(entry, c);
        }
        fail(hash, c, Cause.REFUSED);
    }

    void onUnreachable(final long hash, final Conversation c)
    {
        // Some router said so, when it had lost patience itself: the way back is seen, but this is no time to learn.
        answerTimes.answered(network(c), c.timeNs());
        fail(hash, c, Cause.UNREACHABLE);
    }

    private void fail(final long hash, final Conversation c, final Cause cause)
    {
        if (settle(hash, c) && contact.heldNats == 0.0)
        {
            fail(cause, c.weight(), c.timeNs());
        }
    }

    void onAborted(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry != PendingContacts.NONE)
        {
            pending.read(entry, contact);
            pending.remove(entry);
            if (contact.is(PendingContacts.ACCEPTED))
            {
                fail(Cause.HALF_OPEN, c.weight(), c.timeNs());
            }
            else if (contact.heldNats == 0.0)
            {
                forgo(c.timeNs());
            }
        }
    }

    /**
     * Judge contacts whose answer is overdue.
     *
     * @param nowNs now.
     * @param limit most contacts to look at.
     * @return how many were.
     */
    int expire(final long nowNs, final int limit)
    {
        int expired = 0;
        int entry = pending.due(nowNs);
        while (expired < limit && entry != PendingContacts.NONE)
        {
            if (pending.isJudged(entry))
            {
                pending.remove(entry);
            }
            else
            {
                overdue(entry, nowNs);
            }
            expired++;
            entry = pending.due(nowNs);
        }
        return expired;
    }

    private void overdue(final int entry, final long nowNs)
    {
        pending.read(entry, contact);
        final int network = answerTimes.find(network(contact));
        final boolean isAnswering = answerTimes.isAnswering(network, nowNs);
        if (!pending.isOutOfPatience(entry, nowNs) &&
            (contact.is(PendingContacts.ACCEPTED) || !isAnswering ||
                !answerTimes.isOvertaken(network, contact.openedNs) ||
                nowNs - contact.openedNs < answerTimes.timeoutNs(network)))
        {
            pending.waitLonger(entry, nowNs);
            return;
        }
        if (collapsedAnswers.since(contact.sourceHigh, contact.sourceLow, contact.openedNs))
        {
            pending.remove(entry);
            forgo(nowNs);
        }
        else if (contact.is(PendingContacts.ACCEPTED))
        {
            pending.remove(entry);
            counters.increment(SketchCounter.CONTACTS_OVERDUE);
            fail(Cause.HALF_OPEN, 1, nowNs);
        }
        else if (!isAnswering)
        {
            pending.remove(entry);
            counters.increment(SketchCounter.CONTACTS_UNKNOWN);
            unanswered(
                verification.hasExchanged(contact) ? Cause.UNREACHED : Cause.UNANSWERED, nowNs);
        }
        else
        {
            counters.increment(SketchCounter.CONTACTS_OVERDUE);
            // Told before it is set aside, since only then the listeners know what it was held to be.
            fail(Cause.SILENT, 1, nowNs);
            pending.judged(entry, Math.max(contact.heldNats, Double.MIN_NORMAL), nowNs);
        }
    }

    /**
     * A packet of TCP that belongs to no conversation anybody saw, from a high port to a service's: what is left of an
     * ACK scan. Counts as a contact without answer.
     */
    void onStray(final Conversation c)
    {
        if (c.protocol() == ConversationKind.TCP && c.initiatorPort() >= SERVICE_PORTS &&
            c.responderPort() < SERVICE_PORTS)
        {
            final long hash = contactHash.hash(
                c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(),
                (long)c.responderPort() << 8 | c.protocol());
            if (!memory.seen(hash) && pending.find(hash) == PendingContacts.NONE)
            {
                contact.set(hash, c);
                heard(contact.sourceHigh, contact.sourceLow, c.timeNs());
                unanswered(Cause.UNANSWERED, c.timeNs());
            }
        }
    }

    private void unanswered(final Cause cause, final long nowNs)
    {
        contact.cause = cause;
        contact.isUnheard = !speakers.knows(speakerHash.hash(contact.destinationHigh, contact.destinationLow));
        tellFailure(1, nowNs);
        remember(nowNs);
    }

    /** A host said something. */
    private void heard(final long high, final long low, final long nowNs)
    {
        final long hash = speakerHash.hash(high, low);
        if (!speakers.seen(hash))
        {
            speakers.remember(hash, nowNs);
        }
    }

    /** Let time pass for the memories. Returns how many generations ended. */
    int forget(final long nowNs)
    {
        failureAllowance.onTick(nowNs);
        return (memory.forget(nowNs) ? 1 : 0) + (failures.forget(nowNs) ? 1 : 0) +
            (recentFailures.forget(nowNs) ? 1 : 0) + (speakers.forget(nowNs) ? 1 : 0);
    }

    /** Whether this event ends a first contact; if so it is in {@link #contact} and no longer waits. */
    private boolean settle(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry != PendingContacts.NONE)
        {
            pending.read(entry, contact);
            pending.remove(entry);
            return true;
        }
        if (memory.seen(hash) || recentFailures.knows(hash))
        {
            return false;
        }
        contact.set(hash, c);
        return true;
    }

    private void fail(final Cause cause, final int weight, final long nowNs)
    {
        contact.cause = cause;
        contact.heldNats = 0.0;
        if (!contact.is(PendingContacts.AGAIN))
        {
            counters.increment(SketchCounter.CONTACTS_FAILED);
        }
        failures.remember(contact.hash, nowNs);
        recentFailures.remember(contact.hash, nowNs);
        if (failureAllowance.excuses(contact))
        {
            counters.increment(SketchCounter.FAILURES_ALLOWED);
        }
        else
        {
            tellFailure(Math.max(1, weight), nowNs);
        }
    }

    private void tellFailure(final int weight, final long nowNs)
    {
        contact.heldNats = 0.0;
        if (exemptions.spare(contact.sourceHigh, contact.sourceLow, nowNs))
        {
            return;
        }
        for (final ContactListener listener : listeners)
        {
            listener.onFailure(contact, weight, nowNs);
        }
    }

    private void retract(final long nowNs)
    {
        counters.increment(SketchCounter.FAILURES_RETRACTED);
        for (final ContactListener listener : listeners)
        {
            listener.onRetraction(contact, nowNs);
        }
        contact.heldNats = 0.0;
    }

    /** The contact ended without a verdict. */
    private void forgo(final long nowNs)
    {
        counters.increment(SketchCounter.CONTACTS_UNKNOWN);
        remember(nowNs);
    }

    private void remember(final long nowNs)
    {
        if (!memory.remember(contact.hash, nowNs))
        {
            counters.increment(SketchCounter.MEMORY_CUT_SHORT);
        }
    }

    private void answered(final int entry, final Conversation c)
    {
        if (pending.is(entry, PendingContacts.REPEATED))
        {
            answerTimes.answered(network(c), c.timeNs());
        }
        else if (!pending.is(entry, PendingContacts.ACCEPTED))
        {
            answerTimes.answered(network(c), pending.openedNs(entry), c.timeNs());
        }
    }

    private long network(final Conversation c)
    {
        return network(c.responderHigh(), c.responderLow(), c.protocol());
    }

    private long network(final Contact of)
    {
        return network(of.destinationHigh, of.destinationLow, of.protocol);
    }

    private long network(final long high, final long low, final int protocol)
    {
        return networkHash.hash(high, Contact.networkLow(high, low) | protocol);
    }
}
