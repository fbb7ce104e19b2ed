package io.aswarm.journal;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JournalTailTest
{
    private static final int COUNT = 200;

    @TempDir
    Path directory;

    private final List<Long> received = new ArrayList<>();
    private final AtomicLong nowNs = new AtomicLong(Samples.NOW_NS);
    private boolean isAway;
    private Sealed sealed;

    @BeforeEach
    void fillJournal() throws Exception
    {
        sealed = new Sealed(Samples.signer(directory, "gateway-1"));
        append(COUNT);
    }

    @Test
    void shouldDeliverEverythingOnceWhenTheReceiverStays() throws Exception
    {
        try (JournalTail tail = tail())
        {
            drain(tail);
        }
        assertEquals(range(1, COUNT), received);
    }

    @Test
    void shouldGoOnWhereItStopped() throws Exception
    {
        try (JournalTail tail = tail())
        {
            tail.doWork();
        }
        final int first = received.size();
        assertTrue(first < COUNT, "one batch is not all");
        append(5);
        try (JournalTail tail = tail())
        {
            drain(tail);
        }
        assertEquals(range(1, COUNT + 5), received);
    }

    @Test
    void shouldKeepTheBatchAndPauseLongerEachTimeWhenTheReceiverIsAway() throws Exception
    {
        try (JournalTail tail = tail())
        {
            tail.doWork();
            final int before = received.size();
            isAway = true;
            assertEquals(0, tail.doWork());
            assertEquals(1, tail.retries());
            assertEquals(0, tail.doWork());
            assertEquals(1, tail.retries(), "no time has passed");
            nowNs.addAndGet(100_000_000L - 1);
            tail.doWork();
            assertEquals(1, tail.retries());
            nowNs.addAndGet(1);
            tail.doWork();
            assertEquals(2, tail.retries());
            nowNs.addAndGet(199_999_999L);
            tail.doWork();
            assertEquals(2, tail.retries());

            isAway = false;
            nowNs.addAndGet(1);
            received.clear();
            drain(tail);
            assertEquals(range(before + 1 - JournalTail.OVERLAP, COUNT), received, "the last ones are repeated");
            assertEquals(COUNT, tail.deliveries());
        }
    }

    @Test
    void shouldNotMoveTheCursorBeforeTheSinkSaysSo() throws Exception
    {
        isAway = true;
        try (JournalTail tail = tail())
        {
            tail.doWork();
        }
        assertEquals(0, TailCursor.open(cursorFile()).sequence());
    }

    @Test
    void shouldRefuseTheCursorOfAnotherJournal() throws Exception
    {
        TailCursor.open(cursorFile()).advance(10, "12".repeat(32));
        try (JournalTail tail = tail())
        {
            final JournalException ex = assertThrows(JournalException.class, tail::doWork);
            assertTrue(ex.getMessage().contains("does not belong to this journal"), ex.getMessage());
            assertThrows(JournalException.class, tail::doWork);
        }
        TailCursor.open(cursorFile()).advance(COUNT + 1, "12".repeat(32));
        try (JournalTail tail = tail())
        {
            assertTrue(assertThrows(JournalException.class, tail::doWork).getMessage().contains("ends before"));
        }
        assertEquals(List.of(), received);
    }

    @Test
    void shouldRefuseAFileThatIsNoCursor() throws Exception
    {
        for (final byte[] content : new byte[][]{{'1', '7'}, {}, {(byte)0xff, (byte)0xfe, 0, (byte)0x80}})
        {
            Files.write(cursorFile(), content);
            final JournalException ex = assertThrows(JournalException.class, () -> TailCursor.open(cursorFile()));
            assertTrue(ex.getMessage().contains("this is no cursor"), ex.getMessage());
        }
    }

    private Path cursorFile()
    {
        return directory.resolve("cursor");
    }

    private JournalTail tail() throws Exception
    {
        return new JournalTail(JournalReader.open(directory.resolve("journal")), TailCursor.open(cursorFile()),
            new OcsfFormat(), this::receive, nowNs::get);
    }

    private boolean receive(final List<TailEvent> events)
    {
        if (!isAway)
        {
            events.forEach((event) -> received.add(event.sequence()));
        }
        return !isAway;
    }

    private void append(final int count) throws Exception
    {
        try (Journal journal = Journal.open(
            JournalConfig.of(directory.resolve("journal"), "lab", "gateway-1", 1), () -> Samples.EPOCH_NS,
            Samples.counters()))
        {
            for (int i = 0; i < count; i++)
            {
                journal.append(sealed.containment(
                    journal.nextSequence(), journal.previousSha256(), Samples.order("HALTED", i), null));
            }
        }
    }

    private static void drain(final JournalTail tail) throws JournalException
    {
        while (tail.doWork() > 0)
        {
            Thread.onSpinWait();
        }
    }

    private static List<Long> range(final long from, final long to)
    {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
