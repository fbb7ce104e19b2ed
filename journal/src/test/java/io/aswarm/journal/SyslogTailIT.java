package io.aswarm.journal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A receiver that is killed amid reading, and comes back, must have seen every certificate in the end. */
class SyslogTailIT
{
    private static final int COUNT = 600;
    private static final long TIMEOUT_NS = 2_000_000_000L;
    private static final long RECEIVER_WORK_NS = 1_000_000L;
    private static final long PATIENCE_NS = 120_000_000_000L;

    @TempDir
    Path directory;

    private Process receiver;

    @AfterEach
    void killReceiver() throws Exception
    {
        kill();
    }

    @Test
    void shouldLoseNothingWhenTheReceiverIsKilledAndReturns() throws Exception
    {
        final int port = freePort();
        final Path received = directory.resolve("received");
        final Sealed sealed = new Sealed(Samples.signer(directory, "gateway-1"));
        final Path journalDirectory = directory.resolve("journal");
        try (Journal journal = Journal.open(JournalConfig.of(journalDirectory, "lab", "gateway-1", 1),
            () -> Samples.EPOCH_NS, Samples.counters());
            JournalTail tail = new JournalTail(JournalReader.open(journalDirectory),
            TailCursor.open(directory.resolve("cursor")), new OcsfFormat(),
            new SyslogSender("127.0.0.1", port, TIMEOUT_NS), System::nanoTime))
        {
            append(journal, sealed, 20);
            tail.doWork();
            assertEquals(1, tail.retries(), "nobody listens yet");

            for (int kill = 0; kill < 3; kill++)
            {
                receiver = ChildJvm.start(received, SyslogReceiver.class, "" + port, "" + RECEIVER_WORK_NS);
                append(journal, sealed, (COUNT - 20) / 4);
                final Thread killer = new Thread(this::killSoon);
                awaitListening(received, kill + 1);
                killer.start();
                final long retriesBefore = tail.retries();
                pollUntil(tail, () -> !receiver.isAlive() && tail.retries() > retriesBefore, journal, sealed);
                killer.join();
            }

            receiver = ChildJvm.start(received, SyslogReceiver.class, "" + port, "0");
            while (journal.nextSequence() <= COUNT)
            {
                append(journal, sealed, 1);
            }
            final long last = journal.nextSequence() - 1;
            pollUntil(tail, () -> tail.deliveries() == last, null, null);
            assertEquals(LongStream.rangeClosed(1, last).boxed().collect(Collectors.toCollection(TreeSet::new)),
                sequences(received));
            assertTrue(tail.retries() >= 4, "retries " + tail.retries());
        }
    }

    @Test
    void shouldTakeSilenceForLossWhenTheReceiverDoesNotClose() throws Exception
    {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            final SyslogSender sender = new SyslogSender("127.0.0.1", server.getLocalPort(), 200_000_000L);
            assertFalse(sender.deliver(List.of()));
            assertTrue(sender.lastFailure().contains("does not close its side"), sender::lastFailure);
        }
    }

    @Test
    void shouldTakeTheDeathOfAReceiverForLossWhenItHasNotReadAll() throws Exception
    {
        final int port = freePort();
        final Path received = directory.resolve("received");
        receiver = ChildJvm.start(received, SyslogReceiver.class, "" + port, "" + PATIENCE_NS);
        awaitListening(received, 1);
        final Certificate certificate = Certificate.parse(
            "test", new Sealed(Samples.signer(directory, "gateway-1")).sound());
        final TailEvent event = new TailEvent(1, certificate.sha256(), certificate, "text");
        final Thread killer = new Thread(this::killSoon);
        killer.start();

        final SyslogSender sender = new SyslogSender("127.0.0.1", port, PATIENCE_NS);
        assertFalse(sender.deliver(List.of(event, event, event)));
        killer.join();
        assertTrue(sender.lastFailure().contains("reset"), sender::lastFailure);
    }

    @Test
    void shouldSayWhyNobodyWasReached() throws Exception
    {
        final SyslogSender sender = new SyslogSender("127.0.0.1", freePort(), TIMEOUT_NS);
        assertFalse(sender.deliver(List.of()));
        assertTrue(sender.lastFailure().contains("refused"), sender::lastFailure);
    }

    /** The receiver takes a millisecond for each message, so this is amid a batch. */
    private void killSoon()
    {
        LockSupport.parkNanos(80_000_000L);
        kill();
    }

    private void kill()
    {
        if (null != receiver)
        {
            try
            {
                receiver.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pollUntil(
        final JournalTail tail, final java.util.function.BooleanSupplier isDone, final Journal journal,
        final Sealed sealed) throws Exception
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!isDone.getAsBoolean())
        {
            assertTrue(deadlineNs - System.nanoTime() > 0, "it takes too long");
            if (0 == tail.doWork())
            {
                LockSupport.parkNanos(1_000_000L);
            }
            if (null != journal && journal.nextSequence() < COUNT)
            {
                append(journal, sealed, 1);
            }
        }
    }

    private static void append(final Journal journal, final Sealed sealed, final int count) throws Exception
    {
        for (int i = 0; i < count; i++)
        {
            journal.append(sealed.containment(journal.nextSequence(), journal.previousSha256(),
                Samples.order("HALTED", journal.nextSequence()), null));
        }
    }

    private static void awaitListening(final Path received, final int times) throws Exception
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (Files.readAllLines(received).stream().filter((line) -> line.startsWith("port")).count() < times)
        {
            assertTrue(deadlineNs - System.nanoTime() > 0, "the receiver does not start");
            LockSupport.parkNanos(1_000_000L);
        }
    }

    private static TreeSet<Long> sequences(final Path received) throws IOException
    {
        return Files.readAllLines(received).stream()
            .filter((line) -> !line.startsWith("port"))
            .map(Long::valueOf)
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int freePort() throws IOException
    {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return server.getLocalPort();
        }
    }
}
