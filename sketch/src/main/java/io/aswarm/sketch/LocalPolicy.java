package io.aswarm.sketch;

import org.agrona.concurrent.status.AtomicCounter;

import java.util.Objects;
import java.util.function.Function;

/**
 * The module's one door: conversation events go in, signals come out. Composes the first-contact memory, the scan test
 * and the flood test over memory that is taken once, here.
 * <p>
 * One thread owns it. Nothing is allocated after construction, and nothing reads a clock: time is what events and
 * ticks say. The same events and ticks with the same hash key give the same signals, bit for bit.
 */
public final class LocalPolicy implements AutoCloseable
{
    /** Most overdue contacts judged in one {@link #onTick}. */
    public static final int TICK_CONTACTS_MAX = 256;

    private final SketchMemory memory = new SketchMemory();
    private final SketchCounters counters;
    private final KeyedHash contactHash;
    private final CollapsedAnswers collapsedAnswers;
    private final Verification verification;
    private final FirstContacts firstContacts;
    private final FloodTest floodTest;
    private final SpreadFloodTest spreadFloodTest;

    /**
     * Take the memory.
     *
     * @param config   thresholds, models, sizes.
     * @param handler  of signals, on the caller's thread.
     * @param counters allocates each counter once.
     */
    public LocalPolicy(
        final LocalPolicyConfig config,
        final SignalHandler handler,
        final Function<SketchCounter, AtomicCounter> counters)
    {
        this.counters = new SketchCounters(counters);
        this.contactHash = new KeyedHash(config.keyHigh(), config.keyLow());
        this.collapsedAnswers =
            new CollapsedAnswers(memory.allocate(CollapsedAnswers.memoryLength()), contactHash.derive(7));
        final Workshop workshop = new Workshop(
            config, memory, contactHash, new Verification(config, memory, contactHash.derive(9)),
            new Exemptions(config.exemptions(), this.counters),
            new SignalGate(config, Objects.requireNonNull(handler, "handler"), this.counters), this.counters);
        this.verification = workshop.verification();
        this.spreadFloodTest = new SpreadFloodTest(workshop);
        this.firstContacts = new FirstContacts(
            config, memory, contactHash, collapsedAnswers, workshop.exemptions(),
            new ContactListener[]{
                spreadFloodTest, new SequentialScanTest(workshop), new DistributedScanTest(workshop)}, this.counters);
        this.floodTest = new FloodTest(workshop, collapsedAnswers);
    }

    /**
     * Apply one event. Events should come in the order of their time; a few out of order, as several cores give them,
     * do no harm.
     *
     * @param c read during the call only.
     */
    public void onConversation(final Conversation c)
    {
        counters.increment(SketchCounter.EVENTS);
        if (c.weight() > 1 && c.kind() != ConversationKind.OPENED)
        {
            counters.increment(SketchCounter.ANSWERS_COLLAPSED);
            collapsedAnswers.note(c.initiatorHigh(), c.initiatorLow(), c.timeNs());
        }
        final long hash = contactHash.hash(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(),
            (long)c.responderPort() << 8 | c.protocol());

        switch (c.kind())
        {
            case ConversationKind.OPENED:
                final boolean isKnown = firstContacts.onOpened(hash, c);
                if (isFlooding(c.protocol()) && (c.flags() & Conversation.FLAG_REPEAT) == 0)
                {
                    floodTest.onOpened(hash, c, isKnown);
                }
                break;

            case ConversationKind.ACCEPTED:
                if (c.protocol() != ConversationKind.TCP)
                {
                    floodTest.onFinished(hash, c);
                }
                firstContacts.onAccepted(hash, c);
                break;

            case ConversationKind.ESTABLISHED:
                verification.onEstablished(c);
                floodTest.onFinished(hash, c);
                firstContacts.onCompleted(hash, c);
                break;

            case ConversationKind.REFUSED:
                floodTest.onRefused(hash, c);
                firstContacts.onRefused(hash, c);
                break;

            case ConversationKind.UNREACHABLE:
                floodTest.onRefused(hash, c);
                firstContacts.onUnreachable(hash, c);
                break;

            case ConversationKind.ABORTED:
                firstContacts.onAborted(hash, c);
                break;

            case ConversationKind.ENDED:
            case ConversationKind.VOLUME:
                break;

            default:
                counters.increment(SketchCounter.EVENTS_UNKNOWN);
                break;
        }
    }

    /**
     * Let time pass, so that silence can become evidence. Call it in every duty cycle, but with a time no later than
     * that of events not applied yet: after the ring was drained with the present, else with the time of the last
     * event. Otherwise an answer that waits in the ring counts as overdue.
     *
     * @param nowNs CLOCK_MONOTONIC in nanoseconds, the events' clock.
     * @return how much was done; 0 when there was nothing to do.
     */
    public int onTick(final long nowNs)
    {
        return firstContacts.expire(nowNs, TICK_CONTACTS_MAX) +
            firstContacts.forget(nowNs) +
            verification.onTick(nowNs) +
            floodTest.onTick(nowNs) +
            spreadFloodTest.onTick(nowNs);
    }

    private static boolean isFlooding(final int protocol)
    {
        return protocol == ConversationKind.TCP || protocol == ConversationKind.UDP ||
            protocol == ConversationKind.ICMP || protocol == ConversationKind.ICMPV6;
    }

    /**
     * Off-heap memory taken at construction.
     *
     * @return bytes; 0 after {@link #close()}.
     */
    public long memoryBytes()
    {
        return memory.allocatedBytes();
    }

    /**
     * Give the memory back. The policy must not be used afterwards.
     */
    @Override
    public void close()
    {
        memory.close();
    }
}
