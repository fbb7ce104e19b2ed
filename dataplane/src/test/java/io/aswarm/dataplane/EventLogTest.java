package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventLogTest
{
    private static final long SUBJECT_LOW = 0x0000_ffff_c612_0042L;

    @TempDir
    private Path directory;

    private final TestCounters counters = new TestCounters();
    private final List<Throwable> errors = new ArrayList<>();

    @Test
    void shouldWriteOneObjectALineWithEventNodeAndTime() throws IOException
    {
        final Path file = directory.resolve("log/events.jsonl");
        final EventLog log = open(file, 64);

        log.signal(7, 70, 1, 0, SUBJECT_LOW, 1, 2, 2.5, 3, 5);
        log.depositSent(8, 2, 0, SUBJECT_LOW, 3.5);
        log.depositAccepted(9, 2, 1, 0x2001_0002_0000_0000L, 1, 4.5);
        log.offer("elevation", Long.MAX_VALUE, EventLog.members().put("elevation_id", "12"));
        log.doWork();
        log.onClose();

        final List<JsonNode> lines = lines(file);
        assertEquals(
            "{\"event\":\"signal\",\"node\":\"n1\",\"t_ns\":\"7\",\"scenario\":\"scan\",\"subject\":\"198.18.0.66\"," +
            "\"evidence_nats\":2.5,\"count\":3,\"first_seen_ns\":\"5\",\"signal_id\":\"s70\",\"role\":\"source\"," +
            "\"verification\":[\"on_link\"]}", lines.get(0).toString());
        assertEquals(
            "{\"event\":\"deposit_sent\",\"node\":\"n1\",\"t_ns\":\"8\",\"scenario\":\"flood\"," +
            "\"subject\":\"198.18.0.66\",\"evidence_nats\":3.5}", lines.get(1).toString());
        assertEquals(
            "{\"event\":\"deposit_accepted\",\"node\":\"n1\",\"t_ns\":\"9\",\"witness\":\"peer-2\"," +
            "\"scenario\":\"scan\",\"subject\":\"2001:2::1\",\"evidence_nats\":4.5}", lines.get(2).toString());
        assertEquals("9223372036854775807", lines.get(3).path("t_ns").asText());
        assertEquals("stopped", lines.get(4).path("event").asText());
        assertEquals(5, lines.size());
    }

    @Test
    void shouldAppendWhenTheNodeStartsAgain() throws IOException
    {
        final Path file = directory.resolve("events.jsonl");
        open(file, 64).onClose();
        open(file, 64).onClose();

        assertEquals(2, lines(file).size());
    }

    @Test
    void shouldCountAndNotWaitWhenTheQueueIsFull() throws IOException
    {
        final EventLog log = open(directory.resolve("events.jsonl"), 4);
        for (int i = 0; i < 6; i++)
        {
            log.offer("event", i, EventLog.members());
        }
        for (int i = 0; i < 2000; i++)
        {
            log.signal(i, 1, 1, 0, SUBJECT_LOW, 1, 0, 1, 1, 1);
        }

        final long dropped = counters.get(DataplaneCounter.EVENTS_DROPPED).get();
        assertTrue(dropped > 2 && dropped < 2000, "dropped " + dropped);
        log.onClose();
        assertEquals(2006, dropped + counters.get(DataplaneCounter.EVENTS_WRITTEN).get() - 1);
    }

    @Test
    void shouldAllocateNothingBeforeTheElevation() throws IOException
    {
        final EventLog log = open(directory.resolve("events.jsonl"), 64);
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        assertTrue(threads.getCurrentThreadAllocatedBytes() > 0);

        // What the way allocates it allocates in every round; a compiler that changes its mind does so in one.
        long leastBytes = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++)
        {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 500; i++)
            {
                log.signal(i, 1, 1, 0, SUBJECT_LOW, 1, 0, 1, 1, 1);
                log.depositAccepted(i, 2, 1, 0, SUBJECT_LOW, 1);
            }
            leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - before);
            drain(log);
        }

        assertEquals(0, leastBytes);
        assertEquals(0, counters.get(DataplaneCounter.EVENTS_DROPPED).get());
        log.onClose();
    }

    @Test
    void shouldSayAndCountWhenTheDiskIsFull() throws IOException
    {
        final EventLog log = open(Path.of("/dev/full"), 4);
        log.offer("event", 1, EventLog.members());
        assertEquals(1, log.doWork());

        assertEquals(1, counters.get(DataplaneCounter.EVENTS_DROPPED).get());
        assertEquals(0, counters.get(DataplaneCounter.EVENTS_WRITTEN).get());
        assertTrue(errors.get(0).getMessage().startsWith("/dev/full: no event can be written: "), errors.toString());
        log.onClose();
    }

    @Test
    void shouldMakeTheLineWhenItIsWritten() throws IOException
    {
        final Path file = directory.resolve("events.jsonl");
        final EventLog log = open(file, 4);
        final List<String> made = new ArrayList<>();
        log.offer("late", 8, (to) -> made.add("late"));
        log.offer("later", 9, (to) -> made.add("later"));
        log.signal(7, 70, 1, 0, SUBJECT_LOW, 1, 2, 2.5, 3, 5);
        assertEquals(List.of(), made);

        assertEquals(2, log.doWork());
        assertEquals(List.of("late"), made);
        assertEquals("signal", lines(file).get(0).path("event").asText());
        assertEquals("late", lines(file).get(1).path("event").asText());
        assertEquals(2, counters.get(DataplaneCounter.EVENTS_WRITTEN).get());
        log.onClose();
    }

    @Test
    void shouldWriteAllThatWaitsThoughItDoesNotFitOneBatch() throws IOException
    {
        final Path file = directory.resolve("events.jsonl");
        final EventLog log = open(file, 16);
        final String text = "x".repeat(15_000);
        for (int i = 0; i < 10; i++)
        {
            log.offer("long", i, EventLog.members().put("text", text));
        }
        log.offer("too long", 11, EventLog.members().put("text", text.repeat(6)));
        drain(log);

        assertEquals(10, lines(file).size());
        assertEquals(10, counters.get(DataplaneCounter.EVENTS_WRITTEN).get());
        assertEquals(1, counters.get(DataplaneCounter.EVENTS_DROPPED).get());
        log.onClose();
    }

    @Test
    void shouldSwallowEverythingWithoutAFile() throws IOException
    {
        final EventLog log = open(null, 4);
        log.signal(1, 1, 1, 0, SUBJECT_LOW, 1, 0, 1, 1, 1);
        for (int i = 0; i < 10; i++)
        {
            log.offer("event", i, EventLog.members());
        }

        assertEquals(0, log.doWork());
        log.onClose();
        assertEquals(0, counters.get(DataplaneCounter.EVENTS_DROPPED).get());
    }

    private static void drain(final EventLog log)
    {
        while (log.doWork() > 0)
        {
            Thread.onSpinWait();
        }
    }

    private EventLog open(final Path file, final int capacity) throws IOException
    {
        return new EventLog(
            file, "n1", capacity, (id) -> "peer-" + id, () -> 99, counters.<DataplaneCounter>of(), errors::add);
    }

    private static List<JsonNode> lines(final Path file) throws IOException
    {
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : Files.readAllLines(file))
        {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}
