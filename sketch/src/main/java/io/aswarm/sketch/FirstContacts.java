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
 * destination's network (IPv4 /24, IPv6 /64) was seen answering in that protocol, or the destination itself completed
 * an exchange: where the way back never passed here, silence says nothing. Silence is noticed after {@code
 * answerTimeoutNs}, or as soon as the answer is overdue by what {@link AnswerTimes} learned of that network, sooner if
 * it was overtaken. If the answer comes after all, the failure is retracted.</li>
 * <li><b>unreached</b> or <b>unanswered</b>: silence where nothing was ever seen answering, of a source that completed
 * an exchange lately, or outside the site of one that was answered from there by anything, or of another. Failures of
 * their own cause, which say less ({@link SequentialScanTest}).</li>
 * <li><b>no way</b>: the first over TCP that is said to be unreachable in a network of which nothing was seen answering
 * yet. Where a route is lost every network is; where only hosts are missing, the next word about it says so.</li>
 * <li><b>unknown</b>: the rest. So is silence while the sensor collapsed answers to the source
 * ({@link CollapsedAnswers}).</li>
 * </ul>
 * A few failures among many successes are not told ({@link FailureAllowance}). At how many ports of the same host a
 * source waits meanwhile is told with each opening ({@link PendingPorts}); what is held against a contact for that is
 * given back when the answer comes, or when it cannot be known whether it came.
 * A contact that failed is told again when it fails again later than {@code repeatNs}, marked as such, so that whoever
 * goes on scanning the same hosts is not forgotten. A contact that had to make room before it was judged is not
 * remembered either, so that its answer, when it is a refusal or a completion, still counts as that of a first contact.
 */
final class FirstContacts
{
    /** Share of answers that come within the learned timeout; RFC 6298 aims at more. */
    static final double ANSWERED_IN_TIME = 0.98;

    private final ContactMemory memory;
    private final ContactMemory failures;
    private final ContactMemory recentFailures;
    private final AnsweringNetworks networks;
    private final PendingContacts pending;
    private final PendingPorts pendingPorts;
    private final ContactTeller teller;
    private final HeardHosts heardHosts;
    private final KeyedHash contactHash;
    private final CollapsedAnswers collapsedAnswers;
    private final Verification verification;
    private final SketchCounters counters;
    private final Contact contact = new Contact();

    FirstContacts(final Workshop workshop, final CollapsedAnswers collapsedAnswers, final ContactTeller teller)
    {
        final LocalPolicyConfig config = workshop.config();
        this.memory = workshop.contactMemory(config.contactsMax(), config.contactMemoryNs());
        final int failuresMax = Math.max(64, config.contactsMax() / 4);
        this.failures = workshop.contactMemory(failuresMax, config.contactMemoryNs());
        this.recentFailures = workshop.contactMemory(failuresMax, config.repeatNs());
        this.networks = new AnsweringNetworks(workshop);
        final int pendingMax = config.pendingMax();
        this.pending = new PendingContacts(
            workshop.memory().allocate(PendingContacts.memoryLength(pendingMax)), pendingMax,
            config.answerTimeoutNs());
        this.pendingPorts = new PendingPorts(
            workshop.memory().allocate(PendingPorts.memoryLength(pendingMax)), pendingMax, workshop.key().derive(30));
        this.heardHosts = new HeardHosts(
            workshop.contactMemory(failuresMax, config.contactMemoryNs()), workshop);
        this.contactHash = workshop.key();
        this.collapsedAnswers = collapsedAnswers;
        this.verification = workshop.verification();
        this.teller = teller;
        this.counters = workshop.counters();
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
        if (pending.isFull())
        {
            counters.increment(SketchCounter.PENDING_FULL);
            takeOut(pending.dispensable());
            if (!contact.isJudged)
            {
                teller.giveBack(contact, c.timeNs());
            }
        }
        contact.set(hash, c);
        heardHosts.heard(contact, contact.openedNs);
        if (failures.knows(hash))
        {
            contact.state |= PendingContacts.AGAIN;
        }
        else
        {
            counters.increment(SketchCounter.FIRST_CONTACTS);
        }
        final int network = networks.find(contact);
        countWaiting(network);
        teller.opened(contact, c.weight());
        pending.add(contact, networks.times().timeoutNs(network));
    }

    /** Where answers to the source were collapsed, those it seems to wait for may have come. */
    private void countWaiting(final int network)
    {
        final AnswerTimes times = networks.times();
        contact.pendingPorts = pendingPorts.add(contact);
        if (contact.pendingPorts > 1)
        {
            final long sinceNs = contact.openedNs - times.timeoutNs(network);
            contact.isAnswerSeen = times.isAnswering(network, contact.openedNs) || verification.hasExchanged(contact);
            if (collapsedAnswers.since(contact.sourceHigh, contact.sourceLow, sinceNs))
            {
                contact.pendingPorts = 0;
            }
        }
    }

    void onAccepted(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        answered(entry, c);
        if (c.protocol() != ConversationKind.TCP)
        {
            onCompleted(hash, c);
        }
        else if (entry != PendingContacts.NONE)
        {
            accepted(entry, c.timeNs());
        }
    }

    private void accepted(final int entry, final long nowNs)
    {
        pending.read(entry, contact);
        pending.mark(entry, PendingContacts.ACCEPTED);
        pending.unmark(entry, PendingContacts.DIVERSE);
        pendingPorts.remove(contact);
        teller.answered(contact, nowNs);
        pending.release(entry);
        if (contact.isJudged)
        {
            pending.waitLonger(entry, nowNs);
        }
    }

    /** A contact was completed. Returns whether it was a first one. */
    boolean onCompleted(final long hash, final Conversation c)
    {
        final boolean isFirst = settle(hash, c);
        if (isFirst)
        {
            remember(c.timeNs());
            teller.succeeded(contact, c.timeNs());
        }
        return isFirst;
    }

    void onRefused(final long hash, final Conversation c)
    {
        answered(pending.find(hash), c);
        fail(hash, c, Cause.REFUSED);
    }

    void onUnreachable(final long hash, final Conversation c)
    {
        // A host refuses TCP itself (RFC 1122, section 3.2.2.1), so some router said so.
        final boolean isAstray = c.protocol() == ConversationKind.TCP && !networks.isAnswering(c);
        // When it had lost patience itself: the way back is seen, but this is no time to learn.
        networks.answered(c);
        fail(hash, c, isAstray ? Cause.NO_WAY : Cause.UNREACHABLE);
    }

    private void fail(final long hash, final Conversation c, final Cause cause)
    {
        if (settle(hash, c) && !contact.isJudged)
        {
            fail(cause, c.weight(), c.timeNs());
        }
    }

    void onAborted(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry != PendingContacts.NONE)
        {
            takeOut(entry);
            if (contact.is(PendingContacts.ACCEPTED))
            {
                fail(Cause.HALF_OPEN, c.weight(), c.timeNs());
            }
            else if (!contact.isJudged)
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
        final int network = networks.find(contact);
        final AnswerTimes times = networks.times();
        final boolean isAnswering = times.isAnswering(network, nowNs) || verification.hasAnswered(contact);
        final long patienceNs = times.isOvertaken(network, contact.openedNs) ?
            times.timeoutNs(network) : times.togetherNs(network);
        if (!pending.isOutOfPatience(entry, nowNs) &&
            (contact.is(PendingContacts.ACCEPTED) || !isAnswering || nowNs - contact.openedNs < patienceNs))
        {
            pending.waitLonger(entry, nowNs);
            return;
        }
        if (collapsedAnswers.since(contact.sourceHigh, contact.sourceLow, contact.openedNs))
        {
            takeOut(entry);
            teller.giveBack(contact, nowNs);
            forgo(nowNs);
        }
        else if (contact.is(PendingContacts.ACCEPTED))
        {
            takeOut(entry);
            counters.increment(SketchCounter.CONTACTS_OVERDUE);
            fail(Cause.HALF_OPEN, 1, nowNs);
        }
        else if (!isAnswering)
        {
            takeOut(entry);
            counters.increment(SketchCounter.CONTACTS_UNKNOWN);
            final boolean isAnsweredElsewhere =
                verification.hasExchanged(contact) || heardHosts.isAnsweredThere(contact);
            unanswered(isAnsweredElsewhere ? Cause.UNREACHED : Cause.UNANSWERED, nowNs);
        }
        else
        {
            counters.increment(SketchCounter.CONTACTS_OVERDUE);
            // Told before it is set aside, since only then the listeners know what it was held to be.
            fail(Cause.SILENT, 1, nowNs);
            pending.judged(entry, contact.heldNats, nowNs);
            pending.unmark(entry, PendingContacts.DIVERSE);
            pendingPorts.remove(contact);
        }
    }

    /**
     * A packet of TCP that belongs to no conversation anybody saw, from a client's port to a service's: what is left
     * of a scan by ACK, FIN or no flag at all. A plain reset the other way says that one was sent. From lower ports it
     * says nothing: clients of NFS have system ports, and where they began unseen it is their server that seems to ask.
     */
    void onStray(final Conversation c)
    {
        final boolean isReset = BackscatterTest.isReset(c) && c.responderPort() >= PendingPorts.DYNAMIC_PORTS;
        contact.set(0, c);
        if (isReset)
        {
            contact.turn();
        }
        contact.hash = contactHash.hash(contact);
        if (contact.isTcp() && contact.port < PendingPorts.DYNAMIC_PORTS &&
            contact.sourcePort >= PendingPorts.DYNAMIC_PORTS && !memory.seen(contact.hash) &&
            pending.find(contact.hash) == PendingContacts.NONE)
        {
            heardHosts.heard(contact, contact.openedNs);
            contact.isUnheard = !isReset && !heardHosts.knows(contact);
            teller.stray(contact, contact.openedNs);
            remember(contact.openedNs);
        }
    }

    private void unanswered(final Cause cause, final long nowNs)
    {
        contact.cause = cause;
        contact.isUnheard = !heardHosts.knows(contact);
        teller.unanswered(contact, 1, nowNs);
        remember(nowNs);
    }

    /** Let time pass for the memories. Returns how many generations ended. */
    int forget(final long nowNs)
    {
        teller.onTick(nowNs);
        return (memory.forget(nowNs) ? 1 : 0) + (failures.forget(nowNs) ? 1 : 0) +
            (recentFailures.forget(nowNs) ? 1 : 0) + (heardHosts.forget(nowNs) ? 1 : 0);
    }

    /** Whether this event ends a first contact; if so it is in {@link #contact} and no longer waits. */
    private boolean settle(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry != PendingContacts.NONE)
        {
            takeOut(entry);
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
        if (!contact.is(PendingContacts.AGAIN))
        {
            counters.increment(SketchCounter.CONTACTS_FAILED);
        }
        failures.remember(contact.hash, nowNs);
        recentFailures.remember(contact.hash, nowNs);
        teller.failed(contact, weight, nowNs);
    }

    /** Read a contact that waits, and let it wait no longer. */
    private void takeOut(final int entry)
    {
        pending.read(entry, contact);
        pending.remove(entry);
        pendingPorts.remove(contact);
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

    /** The way back is seen; how long it takes is known only of one that waits and was opened once. */
    private void answered(final int entry, final Conversation c)
    {
        heardHosts.answered(c);
        if (entry == PendingContacts.NONE || pending.is(entry, PendingContacts.REPEATED))
        {
            networks.answered(c);
        }
        else if (!pending.is(entry, PendingContacts.ACCEPTED))
        {
            networks.answered(c, pending.openedNs(entry));
        }
    }
}
