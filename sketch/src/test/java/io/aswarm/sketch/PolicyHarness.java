package io.aswarm.sketch;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A policy with a fake clock, counters on plain memory and a record of its signals. Hosts are numbers: {@code v4(7)} is
 * 198.18.0.7, {@code v6} puts the same number into 2001:2::/48.
 */
final class PolicyHarness implements AutoCloseable
{
    static final long MILLISECOND_NS = 1_000_000L;
    static final long SECOND_NS = 1_000_000_000L;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;

    /** What a signal said, kept. */
    record Seen(
        int scenario, long subjectHigh, long subjectLow, double nats, int count, int hosts, int ports, int aimPort,
        long aimHigh, long aimLow, long firstSeenNs, long lastSeenNs, int verification, String why)
    {
    }

    final List<Seen> signals = new ArrayList<>();
    final TestConversation event = new TestConversation();
    final LocalPolicy policy;
    long nowNs = 5 * SECOND_NS;
    private final Map<SketchCounter, AtomicCounter> counters = new EnumMap<>(SketchCounter.class);
    private boolean ipv6;

    PolicyHarness()
    {
        this(config().build());
    }

    PolicyHarness(final LocalPolicyConfig config)
    {
        policy = new LocalPolicy(config, this::record, counters()::get);
    }

    static LocalPolicyConfig.Builder config()
    {
        return LocalPolicyConfig.builder()
            .hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).weakNats(2.0).benignSuccess(0.8)
            .halfLifeNs(60 * SECOND_NS).quietNs(300 * SECOND_NS);
    }

    /** The models as they are shipped, told of from a tenth of a nat on, so that each step can be read. */
    static LocalPolicyConfig.Builder shipped()
    {
        return LocalPolicyConfig.builder()
            .hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).weakNats(0.1).stepNats(0.1);
    }

    private Map<SketchCounter, AtomicCounter> counters()
    {
        counters.putAll(newCounters());
        return counters;
    }

    static Map<SketchCounter, AtomicCounter> newCounters()
    {
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * 1024, 64)),
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(16 * 1024, 64)));
        final Map<SketchCounter, AtomicCounter> made = new EnumMap<>(SketchCounter.class);
        for (final SketchCounter counter : SketchCounter.values())
        {
            made.put(counter, manager.newCounter(counter.label()));
        }
        return made;
    }

    private void record(final Signal s)
    {
        signals.add(new Seen(
            s.scenario(), s.subjectHigh(), s.subjectLow(), s.evidenceNats(), s.count(), s.distinctHosts(),
            s.distinctPorts(), s.aimPort(), s.aimHigh(), s.aimLow(), s.firstSeenNs(), s.lastSeenNs(),
            s.verification(), s.explanation().inWords()));
    }

    PolicyHarness useIpv6()
    {
        ipv6 = true;
        return this;
    }

    long high()
    {
        return ipv6 ? 0x2001_0002_0000_0000L : 0;
    }

    long low(final int host)
    {
        return ipv6 ? host : 0x0000_ffff_c612_0000L + host;
    }

    long count(final SketchCounter counter)
    {
        return counters.get(counter).get();
    }

    Seen last()
    {
        return signals.get(signals.size() - 1);
    }

    /** The signals of the scan test alone. */
    List<Seen> scans()
    {
        return of(Scenario.SCAN);
    }

    List<Seen> of(final Scenario scenario)
    {
        return signals.stream().filter((signal) -> signal.scenario() == scenario.code()).toList();
    }

    /** Evidence as it was told last, of one scenario; 0 when nothing was. */
    double nats(final Scenario scenario)
    {
        final List<Seen> told = of(scenario);
        return told.isEmpty() ? 0.0 : told.get(told.size() - 1).nats();
    }

    void send(final int kind, final int source, final int destination, final int port)
    {
        event.kind = kind;
        event.timeNs = nowNs;
        event.initiatorHigh = high();
        event.initiatorLow = low(source);
        event.responderHigh = high();
        event.responderLow = low(destination);
        event.responderPort = port;
        policy.onConversation(event);
    }

    /** A sampled segment of no conversation. */
    void stray(final int source, final int sourcePort, final int destination, final int port)
    {
        event.flags = Conversation.FLAG_UNORIENTED;
        event.initiatorPort = sourcePort;
        event.quantity = 1_024;
        send(ConversationKind.VOLUME, source, destination, port);
        event.quantity = 0;
        event.flags = 0;
    }

    /** From a host of the site to a place outside: 203.0.113.0/24 and on (RFC 5737). */
    void sendOutside(final int kind, final int source, final int place, final int port, final long quantity)
    {
        event.kind = kind;
        event.timeNs = nowNs;
        event.initiatorHigh = high();
        event.initiatorLow = low(source);
        event.responderHigh = 0;
        event.responderLow = outsideLow(place);
        event.responderPort = port;
        event.quantity = quantity;
        policy.onConversation(event);
        event.quantity = 0;
    }

    static long outsideLow(final int place)
    {
        return 0x0000_ffff_cb00_7100L + place;
    }

    void open(final int source, final int destination, final int port)
    {
        send(ConversationKind.OPENED, source, destination, port);
    }

    /** A TCP connection that is refused at once. */
    void refused(final int source, final int destination, final int port)
    {
        open(source, destination, port);
        send(ConversationKind.REFUSED, source, destination, port);
    }

    /** A TCP connection that is established within a millisecond. */
    void established(final int source, final int destination, final int port)
    {
        open(source, destination, port);
        nowNs += MILLISECOND_NS / 4;
        send(ConversationKind.ACCEPTED, source, destination, port);
        nowNs += MILLISECOND_NS / 4;
        send(ConversationKind.ESTABLISHED, source, destination, port);
    }

    /** Tick every millisecond until a span is over. */
    void pass(final long spanNs)
    {
        final long endNs = nowNs + spanNs;
        while (endNs - nowNs > MILLISECOND_NS)
        {
            nowNs += MILLISECOND_NS;
            policy.onTick(nowNs);
        }
        nowNs = endNs;
        policy.onTick(nowNs);
    }

    /** Tick once, at the end of a span. */
    void leap(final long spanNs)
    {
        nowNs += spanNs;
        policy.onTick(nowNs);
    }

    @Override
    public void close()
    {
        policy.close();
    }
}
