package io.aswarm.dataplane;

import io.aswarm.ebpf.AttachMode;
import io.aswarm.ebpf.Attachment;
import io.aswarm.ebpf.ConntrackSample;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.Routes;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The third octet of an address says where it is: 1 behind an interface that is watched both ways, 2 behind one that
 * is watched inward only, 3 behind one that is not watched, 9 nowhere; 198.18.0.1 is this host.
 */
class TrackedConversationsTest
{
    private static final int BOTH_WAYS = 11;
    private static final int INWARD = 12;
    private static final int UNWATCHED = 13;
    private static final long OUT = 5;
    private static final long BACK = 70;
    private static final long DURATION_MS = 900;

    private final Function<DataplaneCounter, AtomicCounter> counters = new TestCounters().of();
    private final List<String> told = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "198.18.1.5, 198.18.2.5, ''",
        "198.18.1.5, 198.18.3.5, back ended",
        "198.18.3.5, 198.18.2.5, out ended",
        "198.18.3.5, 198.18.3.6, out back ended",
        "198.18.1.5, 198.18.0.1, ''",
        "198.18.2.5, 198.18.0.1, back ended",
        "198.18.3.5, 198.18.0.1, out back ended",
        "198.18.9.5, 198.18.1.5, out ended",
        "198.18.0.1, 198.18.3.5, own"})
    void shouldTellWhatNoProgramSees(final String initiator, final String responder, final String expected)
    {
        final WatchedInterfaces watched = new WatchedInterfaces();
        watched.update(List.of(
            new Attachment("a", BOTH_WAYS, true, AttachMode.NATIVE, ""),
            new Attachment("a", BOTH_WAYS, false, AttachMode.TC, ""),
            new Attachment("b", INWARD, true, AttachMode.GENERIC, ""),
            new Attachment("b", INWARD, false, AttachMode.AUTO, "refused")));
        final TrackedConversations tracked = new TrackedConversations(
            new OwnAddresses(List.of(IpAddress.parse("198.18.0.1"))), watched,
            (high, low, nowNs) -> interfaceTo(low), counters.apply(DataplaneCounter.TRACKED_TOLD),
            counters.apply(DataplaneCounter.TRACKED_SEEN), this::tell);

        tracked.onConnection(ConntrackSample.of(initiator, responder).connection());
        assertEquals(List.of(), told, "nothing to tell");
        tracked.onConnection(
            ConntrackSample.of(initiator, responder).bytes(OUT, BACK).ends(DURATION_MS).connection());

        final List<String> all = "own".equals(expected) || expected.isEmpty() ? List.of() :
            List.of(expected.split(" "));
        assertEquals(all, told);
        assertEquals(all.size(), counters.apply(DataplaneCounter.TRACKED_TOLD).get());
        assertEquals("own".equals(expected) ? 0 : 3 - all.size(),
            counters.apply(DataplaneCounter.TRACKED_SEEN).get());
    }

    private void tell(final Conversation c)
    {
        final boolean isBack = (c.flags() & Conversation.FLAG_FROM_RESPONDER) != 0;
        assertEquals(c.kind() == ConversationKind.ENDED ? DURATION_MS : isBack ? BACK : OUT, c.quantity());
        assertEquals(1, c.weight());
        told.add(c.kind() == ConversationKind.ENDED ? "ended" : isBack ? "back" : "out");
    }

    private static int interfaceTo(final long low)
    {
        final int where = (int)(low >>> Byte.SIZE & 0xff);
        switch (where)
        {
            case 0:
                return Routes.LOCAL;
            case 1:
                return BOTH_WAYS;
            case 2:
                return INWARD;
            case 3:
                return UNWATCHED;
            default:
                return Routes.NOWHERE;
        }
    }
}
