package io.aswarm.sketch;

/**
 * Finds the first contacts in the stream of conversation events and says how each one ended. A first contact is a
 * (source, destination, port, protocol) that was not seen before. It ends as
 * <ul>
 * <li><b>success</b>: TCP established; for other protocols any answer. A TCP SYN-ACK alone is the responder's success,
 * not the initiator's: a half-open scanner stops there. It ends the wait for an answer but not the wait for the
 * handshake.</li>
 * <li><b>failure</b>: refused or unreachable, at once; TCP reset by its initiator after the SYN-ACK, at once; TCP not
 * established within {@code answerTimeoutNs} after the SYN-ACK was seen; TCP silence for that long, but only if
 * something of the destination's network (IPv4 /24, IPv6 /64) was seen answering: where the way back never passed
 * here, silence says nothing.</li>
 * <li><b>unknown</b>: the rest. Silence of UDP and ICMP is always unknown, since one-way traffic is normal there. So is
 * silence while the sensor collapsed answers to the source ({@link CollapsedAnswers}).</li>
 * </ul>
 * A contact that cannot be followed because too many wait is not remembered either, so that its answer, when it is a
 * refusal or a completion, still counts as that of a first contact.
 */
final class FirstContacts
{
    private static final long IPV4_MAPPED = 0x0000ffff_00000000L;

    private final long answerTimeoutNs;
    private final ContactMemory memory;
    private final ContactMemory answeringNetworks;
    private final PendingContacts pending;
    private final KeyedHash networkHash;
    private final CollapsedAnswers collapsedAnswers;
    private final SequentialScanTest scanTest;
    private final SketchCounters counters;
    private final Contact contact = new Contact();

    FirstContacts(
        final LocalPolicyConfig config,
        final SketchMemory memory,
        final KeyedHash keyedHash,
        final CollapsedAnswers collapsedAnswers,
        final SequentialScanTest scanTest,
        final SketchCounters counters)
    {
        this.answerTimeoutNs = config.answerTimeoutNs();
        this.memory = new ContactMemory(
            memory.allocate(ContactMemory.memoryLength(config.contactsMax())),
            config.contactsMax(), config.contactMemoryNs());
        this.answeringNetworks = new ContactMemory(
            memory.allocate(ContactMemory.memoryLength(config.networksMax())),
            config.networksMax(), config.contactMemoryNs());
        this.pending = new PendingContacts(
            memory.allocate(PendingContacts.memoryLength(config.pendingMax())), config.pendingMax());
        this.networkHash = keyedHash.derive(5);
        this.collapsedAnswers = collapsedAnswers;
        this.scanTest = scanTest;
        this.counters = counters;
    }

    void onOpened(final long hash, final Conversation c)
    {
        // A flood of contacts can make the memory forget one that still waits.
        if (memory.seen(hash) || pending.find(hash) != PendingContacts.NONE)
        {
            return;
        }
        counters.increment(SketchCounter.FIRST_CONTACTS);
        if (pending.isFull())
        {
            counters.increment(SketchCounter.PENDING_FULL);
            return;
        }
        remember(hash, c.timeNs());
        pending.add(hash, c);
    }

    void onAccepted(final long hash, final Conversation c)
    {
        answered(c);
        if (c.protocol() != ConversationKind.TCP)
        {
            onCompleted(hash, c);
            return;
        }
        final int entry = pending.find(hash);
        if (entry != PendingContacts.NONE)
        {
            pending.accept(entry);
        }
    }

    void onCompleted(final long hash, final Conversation c)
    {
        if (settle(hash, c))
        {
            counters.increment(SketchCounter.CONTACTS_SUCCEEDED);
            scanTest.onSuccess(contact.sourceHigh, contact.sourceLow, c.timeNs());
        }
    }

    void onRefused(final long hash, final Conversation c)
    {
        answered(c);
        onUnreachable(hash, c);
    }

    void onUnreachable(final long hash, final Conversation c)
    {
        if (settle(hash, c))
        {
            fail(c.weight(), c.timeNs());
        }
    }

    void onAborted(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry != PendingContacts.NONE)
        {
            final boolean accepted = pending.isAccepted(entry);
            contact.set(pending, entry);
            pending.remove(entry);
            if (accepted)
            {
                fail(c.weight(), c.timeNs());
            }
            else
            {
                counters.increment(SketchCounter.CONTACTS_UNKNOWN);
            }
        }
    }

    /**
     * Judge contacts whose answer is overdue, oldest first.
     *
     * @param nowNs now.
     * @param limit most contacts to judge.
     * @return how many were.
     */
    int expire(final long nowNs, final int limit)
    {
        int expired = 0;
        int entry = pending.oldest();
        while (expired < limit && entry != PendingContacts.NONE && nowNs - pending.openedNs(entry) >= answerTimeoutNs)
        {
            final boolean accepted = pending.isAccepted(entry);
            contact.set(pending, entry);
            pending.remove(entry);
            if (contact.protocol == ConversationKind.TCP && (accepted || isAnswering()) &&
                !collapsedAnswers.since(contact.sourceHigh, contact.sourceLow, contact.openedNs))
            {
                counters.increment(SketchCounter.CONTACTS_OVERDUE);
                fail(1, nowNs);
            }
            else
            {
                counters.increment(SketchCounter.CONTACTS_UNKNOWN);
            }
            expired++;
            entry = pending.oldest();
        }
        return expired;
    }

    /** Let time pass for the memories. Returns how many generations ended. */
    int forget(final long nowNs)
    {
        int ended = 0;
        if (memory.isOver(nowNs))
        {
            memory.rotate(nowNs);
            ended++;
        }
        if (answeringNetworks.isOver(nowNs))
        {
            answeringNetworks.rotate(nowNs);
            ended++;
        }
        return ended;
    }

    /** Whether this event ends a first contact; if so it is in {@link #contact} and no longer waits. */
    private boolean settle(final long hash, final Conversation c)
    {
        final int entry = pending.find(hash);
        if (entry != PendingContacts.NONE)
        {
            contact.set(pending, entry);
            pending.remove(entry);
            return true;
        }
        if (memory.seen(hash))
        {
            return false;
        }
        remember(hash, c.timeNs());
        contact.set(hash, c);
        return true;
    }

    private void fail(final int weight, final long nowNs)
    {
        counters.increment(SketchCounter.CONTACTS_FAILED);
        scanTest.onFailure(contact, Math.max(1, weight), nowNs);
    }

    private void remember(final long hash, final long nowNs)
    {
        if (memory.isFull())
        {
            counters.increment(SketchCounter.MEMORY_CUT_SHORT);
            memory.rotate(nowNs);
        }
        memory.add(hash);
    }

    private void answered(final Conversation c)
    {
        final long hash = network(c.responderHigh(), c.responderLow());
        if (!answeringNetworks.seen(hash))
        {
            if (answeringNetworks.isFull())
            {
                answeringNetworks.rotate(c.timeNs());
            }
            answeringNetworks.add(hash);
        }
    }

    private boolean isAnswering()
    {
        return answeringNetworks.seen(network(contact.destinationHigh, contact.destinationLow));
    }

    private long network(final long high, final long low)
    {
        final boolean isIpv4 = high == 0 && (low & 0xffffffff_00000000L) == IPV4_MAPPED;
        return networkHash.hash(high, isIpv4 ? low & ~0xffL : 0);
    }
}
