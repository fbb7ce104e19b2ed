package io.aswarm.journal;

import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JournalTest
{
    private static final long NS_PER_DAY = 86_400L * 1_000_000_000L;

    @TempDir
    Path directory;

    private final Function<JournalCounter, AtomicCounter> counters = Samples.counters();
    private final AtomicLong wallNs = new AtomicLong(Samples.EPOCH_NS);

    @Test
    void shouldReadBackWhatWasAppended() throws Exception
    {
        try (Journal journal = open())
        {
            append(journal, 3);
            journal.force();
        }

        final List<JournalEntry> entries = entries();
        assertEquals(List.of(1L, 2L, 3L), sequences(entries));
        assertEquals(EntryDescriptor.NO_PREVIOUS, entries.get(0).previousSha256());
        assertEquals(entries.get(0).sha256(), entries.get(1).previousSha256());
        assertArrayEquals(envelope(3), entries.get(2).envelope());
    }

    @Test
    void shouldContinueTheChainWhenOpenedAgain() throws Exception
    {
        try (Journal journal = open())
        {
            append(journal, 2);
        }
        try (Journal journal = open())
        {
            assertEquals(3, journal.nextSequence());
            append(journal, 1);
        }

        final List<JournalEntry> entries = entries();
        assertEquals(List.of(1L, 2L, 3L), sequences(entries));
        assertEquals(entries.get(1).sha256(), entries.get(2).previousSha256());
    }

    @Test
    void shouldForceTheOlderFileFirstWhenABatchSpansTheRoll() throws Exception
    {
        final List<String> forced = new ArrayList<>();
        try (Journal journal = Journal.open(config(), wallNs::get, counters, (file, channel) ->
        {
            forced.add(file.getFileName().toString());
            channel.force(false);
        }))
        {
            append(journal, 2);
            wallNs.addAndGet(NS_PER_DAY);
            append(journal, 2);
            assertEquals(1, forced.size(), "the day that ended is forced as it is left");
            journal.force();
            assertEquals(2, forced.size());
            assertTrue(forced.get(0).compareTo(forced.get(1)) < 0, forced::toString);
            journal.force();
            assertEquals(2, forced.size(), "nothing was appended since");
        }
        assertEquals(List.of(1L, 2L, 3L, 4L), sequences(entries()));
        assertEquals(2, JournalSegments.list(directory).size());
        try (JournalReader reader = JournalReader.open(directory))
        {
            final List<JournalEntry> ofToday = new ArrayList<>();
            reader.skipToLastFiles(1);
            reader.poll(ofToday::add, 10);
            assertEquals(List.of(3L, 4L), sequences(ofToday));
        }
    }

    @Test
    void shouldReportTheFailedForceOfTheDayThatEnded() throws Exception
    {
        final boolean[] isBroken = {false};
        try (Journal journal = Journal.open(config(), wallNs::get, counters, (file, channel) ->
        {
            if (isBroken[0])
            {
                throw new IOException("errno=5");
            }
        }))
        {
            append(journal, 1);
            wallNs.addAndGet(NS_PER_DAY);
            isBroken[0] = true;
            append(journal, 1);
            isBroken[0] = false;
            assertThrows(IOException.class, journal::force);
            append(journal, 1);
            journal.force();
        }
        assertEquals(List.of(1L, 2L, 3L), sequences(entries()));
    }

    @Test
    void shouldRefuseASecondWriter() throws Exception
    {
        try (Journal journal = open())
        {
            final JournalException ex = assertThrows(JournalException.class, this::open);
            assertTrue(ex.getMessage().contains("another process writes this journal"), ex.getMessage());
            append(journal, 1);
        }
    }

    @Test
    void shouldRefuseToAppendWhenTheDiskIsNearlyFull() throws Exception
    {
        final JournalConfig full = new JournalConfig(
            directory, "lab", "gateway-1", 1, 64, 8, 8, 1L << 40, Long.MAX_VALUE, 1L << 40);
        try (Journal journal = Journal.open(full, wallNs::get, counters))
        {
            final JournalException ex = assertThrows(JournalException.class, () -> journal.append(envelope(1)));
            assertTrue(ex.getMessage().contains("disk_reserve_bytes"), ex.getMessage());
            assertEquals(1, journal.nextSequence());
        }
    }

    @Test
    void shouldKeepWhatIsReadableAndReuseNoSequenceWhenTheFileIsCutShort() throws Exception
    {
        try (Journal journal = open())
        {
            append(journal, 50);
        }
        final Path segment = JournalSegments.list(directory).get(0);
        final JournalEntry thirtieth = entries().get(29);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw"))
        {
            file.setLength(thirtieth.position() + 40);
        }

        assertEquals(29, entries().size());
        try (Journal journal = open())
        {
            assertTrue(journal.nextSequence() > 50, "sequence " + journal.nextSequence() + " may have been used");
            assertEquals(1, counters.apply(JournalCounter.SEGMENTS_SET_ASIDE).get());
            assertTrue(counters.apply(JournalCounter.ENTRIES_DAMAGED).get() > 0);
            final String damage = journal.damagesFound().get(0).getMessage();
            assertTrue(damage.startsWith(segment + ": byte ") && damage.contains("set aside as"), damage);
            append(journal, 2);
        }
        final List<JournalEntry> entries = entries();
        assertEquals(31, entries.size());
        assertEquals(29, entries.get(28).sequence());
        assertEquals(entries.get(28).sha256(), entries.get(29).previousSha256());
        try (Journal journal = open())
        {
            assertEquals(entries.get(30).sequence() + 1, journal.nextSequence());
        }
    }

    @Test
    void shouldPassOverAnEntryThatWasChanged() throws Exception
    {
        try (Journal journal = open())
        {
            append(journal, 10);
        }
        final JournalEntry fifth = entries().get(4);
        overwrite(fifth.segment(), fifth.position() + 4 + EntryDescriptor.HEADER_LENGTH + 9, new byte[]{'X'});

        try (JournalReader reader = JournalReader.open(directory))
        {
            final List<JournalEntry> read = new ArrayList<>();
            reader.poll(read::add, 100);
            assertEquals(List.of(1L, 2L, 3L, 4L, 6L, 7L, 8L, 9L, 10L), sequences(read));
            assertEquals(1, reader.damageCount());
            assertTrue(reader.damages().get(0).toString().contains("checksum"), reader.damages()::toString);
        }
    }

    @Test
    void shouldFindTheNextEntryWhenAHeaderIsGarbage() throws Exception
    {
        try (Journal journal = open())
        {
            append(journal, 10);
        }
        final JournalEntry fifth = entries().get(4);
        overwrite(fifth.segment(), fifth.position(), new byte[]{(byte)0xff, (byte)0xee, (byte)0xdd, 0x3c});
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L).stream().filter((s) -> s != 5).toList(),
            sequences(entries()));
    }

    @Test
    void shouldFindTheNextEntryWhenAPieceIsZeroed() throws Exception
    {
        try (Journal journal = open())
        {
            append(journal, 10);
        }
        final JournalEntry fifth = entries().get(4);
        overwrite(fifth.segment(), fifth.position(), new byte[100]);
        try (JournalReader reader = JournalReader.open(directory))
        {
            final List<JournalEntry> read = new ArrayList<>();
            reader.poll(read::add, 100);
            assertEquals(9, read.size());
            assertEquals(1, reader.damageCount());
            assertTrue(reader.damages().get(0).toString().contains("hole"), reader.damages()::toString);
        }
    }

    @Test
    void shouldOpenWhenFilesHoldRandomBytes() throws Exception
    {
        final byte[] random = new byte[200_000];
        new java.util.Random(7).nextBytes(random);
        Files.createDirectories(directory);
        Files.write(directory.resolve("20261121F.cq4"), random);
        Files.write(directory.resolve("metadata.cq4t"), random);
        try (Journal journal = open())
        {
            append(journal, 2);
        }
        assertEquals(List.of(1L, 2L), sequences(entries()));
        assertEquals(1, counters.apply(JournalCounter.SEGMENTS_SET_ASIDE).get());
    }

    @Test
    void shouldOpenWhenTheLastFileIsEmpty() throws Exception
    {
        Files.write(directory.resolve("20261121F.cq4"), new byte[0]);
        try (Journal journal = open())
        {
            append(journal, 1);
        }
        assertEquals(List.of(1L), sequences(entries()));
    }

    @Test
    void shouldFollowALiveWriterAcrossTheRoll() throws Exception
    {
        try (Journal journal = open(); JournalReader reader = JournalReader.open(directory))
        {
            final List<JournalEntry> read = new ArrayList<>();
            assertEquals(0, reader.poll(read::add, 10));
            for (int i = 0; i < 6; i++)
            {
                append(journal, 2);
                assertEquals(2, reader.poll(read::add, 10));
                wallNs.addAndGet(NS_PER_DAY / 2);
            }
            assertEquals(12, read.size());
            assertEquals(0, reader.damageCount(), reader.damages()::toString);
        }
    }

    @Test
    void shouldSkipToASequence() throws Exception
    {
        try (Journal journal = open())
        {
            append(journal, 9);
        }
        try (JournalReader reader = JournalReader.open(directory))
        {
            reader.skipTo(8);
            final List<JournalEntry> read = new ArrayList<>();
            assertEquals(1, reader.poll(read::add, 1));
            assertEquals(1, reader.poll(read::add, 100));
            assertEquals(List.of(8L, 9L), sequences(read));
        }
    }

    @Test
    void shouldSayWhyWhenThereIsNoJournal()
    {
        final JournalException ex = assertThrows(
            JournalException.class, () -> JournalReader.open(directory.resolve("missing")));
        assertTrue(ex.getMessage().contains("no such directory"), ex.getMessage());
    }

    private JournalConfig config()
    {
        return JournalConfig.of(directory, "lab", "gateway-1", 1);
    }

    private Journal open() throws JournalException
    {
        return Journal.open(config(), wallNs::get, counters);
    }

    private static void append(final Journal journal, final int count) throws Exception
    {
        for (int i = 0; i < count; i++)
        {
            journal.append(envelope(journal.nextSequence()));
        }
    }

    private static byte[] envelope(final long sequence)
    {
        return ("{\"sequence\":\"" + sequence + "\",\"pad\":\"" + "x".repeat((int)(sequence % 7) * 311) + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    }

    private List<JournalEntry> entries() throws JournalException
    {
        try (JournalReader reader = JournalReader.open(directory))
        {
            final List<JournalEntry> entries = new ArrayList<>();
            reader.poll(entries::add, Integer.MAX_VALUE);
            return entries;
        }
    }

    private static List<Long> sequences(final List<JournalEntry> entries)
    {
        return entries.stream().map(JournalEntry::sequence).toList();
    }

    private static void overwrite(final Path file, final long at, final byte[] bytes) throws IOException
    {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw"))
        {
            random.seek(at);
            random.write(bytes);
        }
    }
}
