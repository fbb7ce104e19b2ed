package io.aswarm.sketch;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The module's one door: conversation events and program starts go in, signals come out. Composes the first-contact
 * memory and the tests over memory that is taken once, here.
 * <p>
 * One thread owns it. Nothing is allocated after construction, and nothing reads a clock: time is what events and
 * ticks say. The same events and ticks with the same hash key give the same signals, bit for bit.
 */
public final class LocalPolicy implements AutoCloseable
{
    /** Most overdue contacts judged in one {@link #onTick}. */
    public static final int TICK_CONTACTS_MAX = 256;

    /** An exchange with a known service is noted for one in eight instants of 2^20 ns: memory needs refreshing only. */
    private static final long SAMPLED_TIMES = 7L << 20;

    private final SketchMemory memory = new SketchMemory();
    private final SketchCounters counters;
    private final KeyedHash contactHash;
    private final CollapsedAnswers collapsedAnswers;
    private final Verification verification;
    private final FirstContacts firstContacts;
    private final FloodTest floodTest;
    private final SpreadFloodTest spreadFloodTest;
    private final SampledFloods sampledFloods;
    private final Baselines baselines;
    private final BruteForceTest bruteForceTest;
    private final BeaconTest beaconTest;
    private final ExfiltrationTest exfiltrationTest;
    private final NamesView namesView = new NamesView();
    private final NameTunnelTest nameTunnelTest;
    private final EchoTunnelTest echoTunnelTest;
    private final CallHomeTest callHomeTest;
    private final LateralTest lateralTest;
    private final Leaders leaders;
    private final LineageTest lineageTest;
    private final Popularity popularity;

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
        final Exemptions exemptions = new Exemptions(config.exemptions(), this.counters);
        final Workshop workshop = new Workshop(
            config, memory, contactHash, new Verification(config, memory, contactHash.derive(9)),
            exemptions, new SignalGate(config, exemptions, Objects.requireNonNull(handler, "handler"), this.counters),
            this.counters);
        this.verification = workshop.verification();
        this.popularity = new Popularity(workshop, config.contactMemoryNs());
        this.lateralTest = new LateralTest(workshop);
        this.leaders = new Leaders(workshop);
        this.spreadFloodTest = new SpreadFloodTest(workshop);
        this.firstContacts = new FirstContacts(
            workshop, collapsedAnswers,
            new ContactTeller(
                workshop, spreadFloodTest, new SequentialScanTest(workshop), new DistributedScanTest(workshop),
                popularity, lateralTest, leaders));
        this.floodTest = new FloodTest(workshop, collapsedAnswers);
        this.sampledFloods = new SampledFloods(workshop);
        this.baselines = Baselines.of(workshop);
        this.bruteForceTest = new BruteForceTest(workshop, baselines);
        this.beaconTest = new BeaconTest(workshop, popularity, baselines);
        this.exfiltrationTest = new ExfiltrationTest(workshop, popularity, baselines);
        this.nameTunnelTest = new NameTunnelTest(workshop);
        this.echoTunnelTest = new EchoTunnelTest(workshop);
        this.callHomeTest = new CallHomeTest(workshop);
        this.lineageTest = new LineageTest(workshop);
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
        final long hash = contactHash.hash(c);

        switch (c.kind())
        {
            case ConversationKind.OPENED:
                final boolean isKnown = firstContacts.onOpened(hash, c);
                if (isFlooding(c.protocol()) && (c.flags() & Conversation.FLAG_REPEAT) == 0)
                {
                    floodTest.onOpened(hash, c, isKnown);
                    beaconTest.onCall(c);
                }
                break;

            case ConversationKind.ACCEPTED:
                if (c.protocol() != ConversationKind.TCP)
                {
                    floodTest.onFinished(hash, c);
                    beaconTest.onExchange(c);
                }
                firstContacts.onAccepted(hash, c);
                break;

            case ConversationKind.ESTABLISHED:
                floodTest.onFinished(hash, c);
                beaconTest.onExchange(c);
                if (firstContacts.onCompleted(hash, c) || (c.timeNs() & SAMPLED_TIMES) == 0)
                {
                    verification.onEstablished(c);
                    verification.onServed(c);
                }
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
                sampledFloods.onAborted(c);
                break;

            case ConversationKind.ENDED:
                bruteForceTest.onEnded(c);
                callHomeTest.onEnded(c);
                sampledFloods.onEnded(c);
                break;

            case ConversationKind.VOLUME:
                onVolume(c);
                break;

            default:
                counters.increment(SketchCounter.EVENTS_UNKNOWN);
                break;
        }
    }

    /**
     * Apply one start of a program.
     *
     * @param event read during the call only.
     */
    public void onProcess(final ProcessEvent event)
    {
        counters.increment(SketchCounter.PROCESS_EVENTS);
        lineageTest.onProcess(event);
    }

    /**
     * Say who fails most, lately: whatever is evidence or not. Any thread; allocates.
     *
     * @param into told.
     * @return false when the policy was at work each time; then nothing was told.
     */
    public boolean leaders(final LeaderReader into)
    {
        return leaders.read(into);
    }

    /**
     * Bytes that {@link #saveBaselines} may need.
     *
     * @return at most so many.
     */
    public int baselinesLengthMax()
    {
        return baselines.savedLengthMax();
    }

    /**
     * Write what was learned of the hosts, so that a restart does not begin from nothing.
     *
     * @param destination with {@link #baselinesLengthMax()} bytes from the offset on.
     * @param offset      where to begin.
     * @return bytes written.
     */
    public int saveBaselines(final MutableDirectBuffer destination, final int offset)
    {
        return baselines.save(destination, offset);
    }

    /**
     * Read what was saved. What cannot be read is left out.
     *
     * @param source of the bytes, trusted by the caller.
     * @param offset where they begin.
     * @param length how many.
     * @param nowNs  now, the events' clock.
     * @return entries read; -1 when these are no baselines of this version.
     */
    public int loadBaselines(final DirectBuffer source, final int offset, final int length, final long nowNs)
    {
        return baselines.load(source, offset, length, nowNs);
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
        popularity.onTick(nowNs);
        callHomeTest.onTick(nowNs);
        leaders.onTick(nowNs);
        return firstContacts.expire(nowNs, TICK_CONTACTS_MAX) +
            firstContacts.forget(nowNs) +
            verification.onTick(nowNs) +
            floodTest.onTick(nowNs) +
            spreadFloodTest.onTick(nowNs) +
            sampledFloods.onTick(nowNs) +
            lateralTest.onTick(nowNs) +
            exfiltrationTest.onTick(nowNs) +
            nameTunnelTest.onTick(nowNs);
    }

    private void onVolume(final Conversation c)
    {
        final Conversation asked = namesView.of(c);
        if (!sampledFloods.onVolume(c))
        {
            exfiltrationTest.onVolume(asked);
        }
        nameTunnelTest.onVolume(asked);
        echoTunnelTest.onVolume(c);
        callHomeTest.onVolume(c);
        spreadFloodTest.onVolume(c);
        if ((c.flags() & Conversation.FLAG_UNORIENTED) != 0)
        {
            firstContacts.onStray(c);
        }
        else if ((c.flags() & Conversation.FLAG_FROM_RESPONDER) == 0 && !Contact.isPortless(c.protocol()))
        {
            beaconTest.onCall(c);
        }
    }

    private static boolean isFlooding(final int protocol)
    {
        return protocol == ConversationKind.TCP || protocol == ConversationKind.UDP || Contact.isEcho(protocol);
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
     * Where the memory goes.
     *
     * @return bytes by the class that takes them; their sum is {@link #memoryBytes()}.
     */
    public Map<String, Long> memoryParts()
    {
        return memory.bytesByOwner();
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
