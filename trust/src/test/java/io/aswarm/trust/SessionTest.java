package io.aswarm.trust;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    /** What the cipher allocates for a datagram of 120 bytes sealed and opened, and no more. */
    private static final long ALLOCATED_BYTES_MAX = 700;

    private final SessionLab lab = new SessionLab(3, 1);

    @Test
    void shouldNeverUseANonceTwiceAlsoAcrossARestart()
    {
        lab.agree(10 * SECOND_NS);
        final byte[] before = sealed(1, new byte[4]);
        final byte[] next = sealed(1, new byte[4]);
        assertEquals(1, SealedDescriptor.getLong(before, SealedDescriptor.SEQUENCE_OFFSET));
        assertEquals(2, SealedDescriptor.getLong(next, SealedDescriptor.SEQUENCE_OFFSET));

        lab.restart(1, 50);
        lab.agree(60 * SECOND_NS);
        final byte[] after = sealed(1, new byte[4]);
        assertEquals(1, SealedDescriptor.getLong(after, SealedDescriptor.SEQUENCE_OFFSET));
        assertNotEquals(SealedDescriptor.getInt(before, SealedDescriptor.KEY_ID_OFFSET),
            SealedDescriptor.getInt(after, SealedDescriptor.KEY_ID_OFFSET), "a key of its own");
        final byte[] opened = new byte[after.length];
        assertEquals(4, lab.node(2).session().open(after, 0, after.length, opened, 0));
        assertEquals(50, lab.node(2).session().senderBootEpoch());
        assertEquals(SessionFault.UNKNOWN_KEY.code(),
            lab.node(2).session().open(before, 0, before.length, opened, 0), "what is from before the restart");
    }

    @Test
    void shouldGoOnCountingAfterARekey()
    {
        lab.agree(10 * SECOND_NS);
        sealed(1, new byte[1]);
        lab.run(3_700 * SECOND_NS);
        final byte[] after = sealed(1, new byte[1]);
        assertEquals(2, SealedDescriptor.getLong(after, SealedDescriptor.SEQUENCE_OFFSET));
    }

    @Test
    void shouldTellEachFaultApart()
    {
        final byte[] opened = new byte[200];
        final Session session = lab.node(2).session();
        final byte[] early = new byte[60];
        SessionFrame.put(early, 0, SessionFrame.SEALED, 1);
        assertEquals(SessionFault.UNKNOWN_KEY.code(), session.open(early, 0, early.length, opened, 0));
        assertEquals(1, session.senderId());
        lab.agree(10 * SECOND_NS);

        final byte[] datagram = sealed(1, new byte[8]);
        assertEquals(8, session.open(datagram, 0, datagram.length, opened, 0));
        assertFault(SessionFault.MALFORMED, datagram, SessionFrame.MARK_OFFSET, 0);
        assertFault(SessionFault.MALFORMED, datagram, SessionFrame.KIND_OFFSET, SessionFrame.OFFER);
        assertFault(SessionFault.MALFORMED, datagram, SealedDescriptor.COUNT_OFFSET, 255);
        assertFault(SessionFault.MALFORMED, datagram, SealedDescriptor.COUNT_OFFSET, 4);
        assertFault(SessionFault.OWN, datagram, SessionFrame.NODE_ID_OFFSET, 2);
        assertFault(SessionFault.UNKNOWN_SENDER, datagram, SessionFrame.NODE_ID_OFFSET, 9);
        assertFault(SessionFault.UNKNOWN_KEY, datagram, SealedDescriptor.KEY_ID_OFFSET,
            datagram[SealedDescriptor.KEY_ID_OFFSET] + 1);
        assertFault(SessionFault.NOT_ADDRESSED, datagram, SealedDescriptor.COUNT_OFFSET, 0);
        assertFault(SessionFault.FORGED, datagram, SealedDescriptor.SEQUENCE_OFFSET, 77);
        for (final SessionFault fault : SessionFault.values())
        {
            assertEquals(fault, SessionFault.of(fault.code()));
            assertFalse(fault.reason().isEmpty());
        }
    }

    @Test
    void shouldAnswerForItsArraysOnly()
    {
        assertEquals(Session.NO_PEER, lab.node(1).session().seal(new byte[1], 0, 1, new byte[0], 0));
        lab.agree(10 * SECOND_NS);
        final Session session = lab.node(1).session();
        assertEquals(33 + 2 * 8, session.overhead());
        final byte[] message = new byte[10];
        assertThrows(IndexOutOfBoundsException.class,
            () -> session.seal(message, 0, 10, new byte[9 + session.overhead()], 0));
        assertThrows(IndexOutOfBoundsException.class,
            () -> session.seal(message, 1, 10, new byte[200], 0));
        assertEquals(0, session.sequence());

        final byte[] to = new byte[200];
        message[9] = 7;
        final int length = session.seal(message, 9, 1, to, 50);
        assertEquals(1 + session.overhead(), length);
        assertEquals(0, to[49] | to[50 + length]);
        final byte[] opened = new byte[200];
        assertEquals(1, lab.node(3).session().open(to, 50, length, opened, 100));
        assertEquals(7, opened[100]);
    }

    @Test
    void shouldSealNothingToo()
    {
        lab.agree(10 * SECOND_NS);
        final byte[] datagram = sealed(1, new byte[0]);
        assertEquals(0, lab.node(2).session().open(datagram, 0, datagram.length, new byte[datagram.length], 0));
    }

    @Test
    void shouldHideWhatItSeals()
    {
        lab.agree(10 * SECOND_NS);
        final byte[] one = sealed(1, new byte[16]);
        final byte[] two = sealed(1, new byte[16]);
        boolean isSame = true;
        for (int i = SealedDescriptor.HEADER_LENGTH; i < one.length; i++)
        {
            isSame &= one[i] == two[i];
        }
        assertFalse(isSame);
    }

    @Test
    void shouldAllocateWhatTheCipherDoesAndNoMore()
    {
        lab.agree(10 * SECOND_NS);
        final Session sender = lab.node(1).session();
        final Session receiver = lab.node(2).session();
        final byte[] message = new byte[120];
        final byte[] datagram = new byte[message.length + sender.overhead()];
        final byte[] opened = new byte[datagram.length];
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final int rounds = 2_000;
        long allocated = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++)
        {
            final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int round = 0; round < rounds; round++)
            {
                sender.seal(message, 0, message.length, datagram, 0);
                receiver.open(datagram, 0, datagram.length, opened, 0);
            }
            final long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            allocated = Math.min(allocated, (after - before) / rounds);
        }
        final long bytes = allocated;
        assertTrue(bytes <= ALLOCATED_BYTES_MAX, () -> bytes + " bytes for a datagram sealed and opened");
    }

    @Test
    void shouldRehearseBothEnds()
    {
        final long[] nowNs = {0};
        assertEquals(400, SessionWarmUp.run(0, () -> nowNs[0]++ / 2));
        assertTrue(SessionWarmUp.run(TimeUnit.MILLISECONDS.toNanos(1), System::nanoTime) >= 400);
    }

    @Test
    void shouldTakeTheHalvesThatTheRosterLists()
    {
        final HybridSigner hybrid = HybridSignerTest.signer(1);
        final Roster classical = SessionLab.roster(SessionLab.signers(2));
        assertFalse(new HandshakeConfig(classical, 1, hybrid, 1).signer().publicKey().isHybrid());
        assertThrows(IllegalArgumentException.class, () -> new HandshakeConfig(classical, 2, hybrid, 1));
        assertThrows(IllegalArgumentException.class, () -> new HandshakeConfig(classical, 3, hybrid, 1));
        final Handshake node = lab.node(1);
        assertThrows(IllegalArgumentException.class, () -> node.onRoster(
            new Roster("lab", lab.roster.nodes().subList(1, 3), List.of()), lab.nowNs, lab.nowEpochNs()));
        lab.agree(10 * SECOND_NS);
    }

    private byte[] sealed(final int from, final byte[] message)
    {
        final Session session = lab.node(from).session();
        final byte[] datagram = new byte[message.length + session.overhead()];
        assertEquals(datagram.length, session.seal(message, 0, message.length, datagram, 0));
        return datagram;
    }

    private void assertFault(final SessionFault expected, final byte[] datagram, final int offset, final int value)
    {
        final byte[] changed = datagram.clone();
        changed[offset] = (byte)value;
        assertEquals(expected.code(), lab.node(2).session().open(changed, 0, changed.length, new byte[200], 0));
    }
}
