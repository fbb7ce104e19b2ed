package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.ConversationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The row of floods in {@link Decidability}, on both sides of each of its numbers. */
class FloodDecidabilityTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress ATTACKER = IpAddress.parse("198.18.0.10");
    private static final IpAddress VICTIM = IpAddress.parse("198.19.0.7");
    /** TCP headers of an opening: one of a stack's, and one with no option. */
    private static final int STACK = 40;
    private static final int BARE = 20;

    private final Decidability rule = new Decidability(ElevationTable.standard().row(1, 1).localBarNats());
    private final AttackCounts counts = new AttackCounts();
    private final TrackedConversation conversation = new TrackedConversation();
    private int sockets;

    /** What comes at once: the lumps of the models are free, and of the rest so many are at the bar. */
    @ParameterizedTest
    @CsvSource({
        // a source each: 64 and 20.7 / ln 40; bare, 32 and 20.7 / ln 200
        "true,  40, false, 70",
        "true,  20, false, 36",
        // one source: 12 and 20.7 / ln 10; refused, 11 and 20.7 / ln 20; bare, 8 and 20.7 / ln 1,000
        "false, 40, false, 21",
        "false, 40, true,  18",
        "false, 20, false, 11",
        "false, 20, true,  11",
    })
    void shouldAskForALumpOfOpenings(
        final boolean isSpread, final int headerBytes, final boolean isRefused, final int needed)
    {
        for (int i = 1; i < needed; i++)
        {
            open(isSpread ? i : 0, headerBytes, isRefused, SECOND_NS);
        }
        assertFalse(isDecidable());
        open(isSpread ? needed : 0, headerBytes, isRefused, SECOND_NS);
        assertTrue(isDecidable());
    }

    /** On both sides of each balance, (attack - benign) / ln(attack / benign). */
    @ParameterizedTest
    @CsvSource({
        "true,  40, false, 528",
        "true,  20, false, 187",
        "false, 40, false, 195",
        "false, 20, false, 144",
    })
    void shouldTakeForAFloodWhatIsFastAndNotWhatIsMany(
        final boolean isSpread, final int headerBytes, final boolean isRefused, final int balancePerSecond)
    {
        openAtRate(isSpread, headerBytes, isRefused, balancePerSecond - 2);
        assertFalse(isDecidable());
        openAtRate(isSpread, headerBytes, isRefused, balancePerSecond + balancePerSecond / 20);
        assertTrue(isDecidable());
    }

    /** Who was served there before comes back to a service that is down: 64 then, as of all sources together. */
    @ParameterizedTest
    @CsvSource({"40, true, 70", "20, true, 36", "40, false, 21"})
    void shouldAllowMoreRefusalsToWhoWasServed(final int headerBytes, final boolean isRefused, final int needed)
    {
        complete(open(0, STACK, false, SECOND_NS), SECOND_NS);
        for (int i = 1; i < needed; i++)
        {
            open(0, headerBytes, isRefused, SECOND_NS);
        }
        assertFalse(isDecidable());
        open(0, headerBytes, isRefused, SECOND_NS);
        assertTrue(isDecidable());
    }

    @Test
    void shouldTakeARetransmissionForNoOpening()
    {
        for (int i = 0; i < 1_000; i++)
        {
            counts.onConversation(conversation.opened(
                key(0, CaptureDecoder.TCP, 40_000), TrackedConversation.FLAG_REPEAT, BARE, SECOND_NS), true);
        }
        assertFalse(isDecidable());
    }

    /** A benchmark completes what it opens, and asks in it: 3,000 conversations in a second, six packets each. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2_000})
    void shouldNotTakeForAFloodWhatIsCompleted(final int unfinished)
    {
        for (int i = 0; i < 3_000; i++)
        {
            final long nowNs = SECOND_NS + i * 333_000L;
            final ConversationKey key = open(0, STACK, false, nowNs);
            for (int segment = 0; segment < 5; segment++)
            {
                counts.onPacket(packet(key, 66, false, nowNs));
            }
            if (i >= unfinished)
            {
                complete(key, nowNs);
            }
        }
        assertEquals(unfinished > 0, isDecidable());
    }

    /** 256 and 20.7 / ln 10; of a name server 16 and 20.7 / ln 20; of segments that nothing opened 17 of these each. */
    @ParameterizedTest
    @CsvSource({
        CaptureDecoder.UDP + ", 10000, 265",
        CaptureDecoder.ICMP + ", 53, 265",
        CaptureDecoder.UDP + ", 53, 23",
        CaptureDecoder.TCP + ", 53, 390",
    })
    void shouldAskForALumpOfPackets(final int protocol, final int sourcePort, final int needed)
    {
        for (int i = 1; i < needed; i++)
        {
            counts.onPacket(packet(key(i, protocol, sourcePort), 100, false, SECOND_NS));
        }
        assertFalse(isDecidable());
        counts.onPacket(packet(key(needed, protocol, sourcePort), 100, false, SECOND_NS));
        assertTrue(isDecidable());
    }

    private boolean isDecidable()
    {
        return rule.of("flood", counts).isDecidable();
    }

    private void openAtRate(
        final boolean isSpread, final int headerBytes, final boolean isRefused, final int perSecond)
    {
        final long beginNs = (1 + sockets) * SECOND_NS;
        for (int i = 0; i < 10 * perSecond; i++)
        {
            open(isSpread ? i : 0, headerBytes, isRefused, beginNs + i * SECOND_NS / perSecond);
        }
    }

    private ConversationKey open(final int source, final int headerBytes, final boolean isRefused, final long nowNs)
    {
        final ConversationKey key = key(source, CaptureDecoder.TCP, 10_000 + sockets++);
        counts.onPacket(packet(key, 60, true, nowNs));
        counts.onConversation(conversation.opened(key, 0, headerBytes, nowNs), true);
        if (isRefused)
        {
            counts.onConversation(conversation.of(ConversationKind.REFUSED, key, 0, nowNs), true);
        }
        return key;
    }

    private void complete(final ConversationKey key, final long nowNs)
    {
        counts.onConversation(conversation.of(ConversationKind.ACCEPTED, key, 0, nowNs), true);
        counts.onConversation(conversation.of(ConversationKind.ESTABLISHED, key, 0, nowNs), true);
    }

    private static ConversationKey key(final int source, final int protocol, final int sourcePort)
    {
        return new ConversationKey(
            ATTACKER.high(), ATTACKER.low() + source, VICTIM.high(), VICTIM.low(), sourcePort, 80, protocol);
    }

    private static CapturedPacket packet(
        final ConversationKey key, final int lengthBytes, final boolean isOpening, final long nowNs)
    {
        return new CapturedPacket(
            nowNs, new IpAddress(key.initiatorHigh(), key.initiatorLow()), VICTIM, key.protocol(),
            key.initiatorPort(), key.responderPort(), lengthBytes, isOpening);
    }
}
