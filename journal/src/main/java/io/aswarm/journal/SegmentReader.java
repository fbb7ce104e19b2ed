package io.aswarm.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Walks one file of the queue with plain reads.
 * <p>
 * Chronicle's own tailer maps the file: on one that was cut short it dies of an unsafe memory access beyond the end
 * (measured with 2026.4), and opened for writing it makes the lost part zeros without a word. Reads see the same page
 * cache as the writer's mapping, need no lock, and meet the end of a file as an end.
 * <p>
 * The framing (chronicle-wire, {@code Wires}): documents aligned to 4 bytes, each with a header of 32 bits: bit 31 not
 * complete, bit 30 metadata, the rest the length; 0 means not written yet, 0xC0000000 end of the file. A writer sets
 * the header after the content, so a complete header promises complete content.
 */
final class SegmentReader implements AutoCloseable
{
    /** Result of {@link #next()}: nothing more for now. */
    static final int END = 0;
    /** Result of {@link #next()}: an entry is at hand. */
    static final int ENTRY = 1;
    /** Result of {@link #next()}: the writer closed this file, nothing will follow in it. */
    static final int FINISHED = 2;

    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int META_DATA = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3fff_ffff;
    private static final int END_OF_FILE = NOT_COMPLETE | META_DATA;
    private static final int HEADER_LENGTH = Integer.BYTES;
    private static final int ALIGNMENT = Integer.BYTES;
    private static final int CHUNK_LENGTH = 1 << 16;
    /** The first field's name in binary wire: code 0xb9, its length, "header". */
    private static final byte[] QUEUE_HEADER = {(byte)0xb9, 6, 'h', 'e', 'a', 'd', 'e', 'r'};

    private final Path file;
    private final FileChannel channel;
    private final Consumer<JournalDamage> damages;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer entry = ByteBuffer.allocate(EntryDescriptor.HEADER_LENGTH + Envelope.LENGTH_MAX)
        .order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer chunk;
    private long position;
    private long entryPosition;
    private long endSearched = -1;
    /** The file ends where it should still have room: a live one is always extended beyond its last document. */
    private boolean isShort;

    SegmentReader(final Path file, final Consumer<JournalDamage> damages) throws IOException
    {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.damages = damages;
    }

    Path file()
    {
        return file;
    }

    /** The entry last found; valid until the next call. */
    JournalEntry entry()
    {
        final byte[] envelope = EntryDescriptor.envelope(entry);
        return new JournalEntry(EntryDescriptor.sequence(entry), EntryDescriptor.previousSha256(entry),
            EntryDescriptor.sha256(envelope), envelope, file, entryPosition);
    }

    long sequence()
    {
        return EntryDescriptor.sequence(entry);
    }

    /** Does the file begin with the queue's own header, whole? */
    boolean isQueueFile() throws IOException
    {
        final int word = readHeader(0);
        final ByteBuffer start = ByteBuffer.allocate(QUEUE_HEADER.length);
        fill(start, HEADER_LENGTH);
        return META_DATA == (word & (META_DATA | NOT_COMPLETE)) && Arrays.equals(QUEUE_HEADER, start.array());
    }

    /** Let the next call find the same entry again. */
    void rewind()
    {
        position = entryPosition;
    }

    int next() throws IOException
    {
        while (true)
        {
            isShort = false;
            final int word = readHeader(position);
            if (END_OF_FILE == word && position > 0)
            {
                return FINISHED;
            }
            if (0 == word || 0 != (word & NOT_COMPLETE))
            {
                if (!resumeAfterHole())
                {
                    return END;
                }
            }
            else if (0 != (word & META_DATA))
            {
                if (!skip(word & LENGTH_MASK))
                {
                    return END;
                }
            }
            else if (readEntry(word & LENGTH_MASK))
            {
                return ENTRY;
            }
            else if (isShort)
            {
                return END;
            }
        }
    }

    @Override
    public void close() throws IOException
    {
        channel.close();
    }

    private int readHeader(final long at) throws IOException
    {
        header.clear();
        fill(header, at);
        if (header.position() < HEADER_LENGTH)
        {
            isShort = at > 0;
            return 0;
        }
        return header.getInt(0);
    }

    private boolean readEntry(final int length) throws IOException
    {
        final long next = aligned(position + HEADER_LENGTH + length);
        if (length <= entry.capacity())
        {
            entry.clear().limit(length);
            fill(entry, position + HEADER_LENGTH);
            final boolean isWhole = entry.position() == length;
            entry.flip();
            if (isWhole && EntryDescriptor.isIntact(entry))
            {
                entryPosition = position;
                position = next;
                return true;
            }
            if (isWhole && isDocument(next))
            {
                damages.accept(new JournalDamage(file, position, "the checksum of an entry of " + length +
                    " bytes does not match: it was changed after it was written, and is skipped"));
                position = next;
                return false;
            }
        }
        search("a header says " + length + " bytes, and no entry is there");
        return false;
    }

    private boolean skip(final int length) throws IOException
    {
        final long next = aligned(position + HEADER_LENGTH + length);
        if (next + HEADER_LENGTH <= channel.size())
        {
            position = next;
            return true;
        }
        return search("an index of " + length + " bytes does not fit into the file");
    }

    /** Is there, at this place, anything that could be a document's header or the end of data? */
    private boolean isDocument(final long at) throws IOException
    {
        final int word = readHeader(at);
        final boolean isWithin = !isShort && at + HEADER_LENGTH + (word & LENGTH_MASK) <= channel.size();
        isShort = false;
        return 0 == word || END_OF_FILE == word || 0 != (word & NOT_COMPLETE) || isWithin;
    }

    /**
     * The data seem to end here. If an intact entry lies further on, they do not: a piece was zeroed. Looked for once
     * for each end.
     */
    private boolean resumeAfterHole() throws IOException
    {
        if (0 == position || endSearched == position)
        {
            return false;
        }
        endSearched = position;
        if (isShort)
        {
            damages.accept(new JournalDamage(file, position,
                "the file was cut short here; entries that stood behind this place are gone"));
            return false;
        }
        final long found = find(position + ALIGNMENT);
        if (found < 0)
        {
            return false;
        }
        final int word = readHeader(position);
        if (0 != word && 0 == (word & NOT_COMPLETE))
        {
            return true;
        }
        damages.accept(new JournalDamage(file, position, "a hole of " + (found - position) +
            " bytes: reading goes on with the next entry that is intact"));
        position = found;
        return true;
    }

    private boolean search(final String what) throws IOException
    {
        final long found = find(position + ALIGNMENT);
        if (found < 0)
        {
            isShort = true;
            if (endSearched != position)
            {
                endSearched = position;
                damages.accept(new JournalDamage(
                    file, position, what + "; nothing readable follows in this file"));
            }
            return false;
        }
        damages.accept(new JournalDamage(file, position, what + "; reading goes on at byte " + found));
        position = found;
        return true;
    }

    /** The place of the first document after {@code from} that holds an intact entry, or -1. */
    private long find(final long from) throws IOException
    {
        if (null == chunk)
        {
            chunk = ByteBuffer.allocate(CHUNK_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        }
        for (long at = from; true; at += CHUNK_LENGTH)
        {
            chunk.clear();
            fill(chunk, at);
            chunk.flip();
            if (chunk.limit() < Integer.BYTES)
            {
                return -1;
            }
            for (int i = 0; i + Integer.BYTES <= chunk.limit(); i += ALIGNMENT)
            {
                if (EntryDescriptor.MAGIC == chunk.getInt(i) && isEntryAt(at + i))
                {
                    return at + i - HEADER_LENGTH;
                }
            }
        }
    }

    private boolean isEntryAt(final long at) throws IOException
    {
        final int word = readHeader(at - HEADER_LENGTH);
        isShort = false;
        final int length = word & LENGTH_MASK;
        if (0 == word || 0 != (word & (NOT_COMPLETE | META_DATA)) || length > entry.capacity())
        {
            return false;
        }
        entry.clear().limit(length);
        fill(entry, at);
        entry.flip();
        return entry.limit() == length && EntryDescriptor.isIntact(entry);
    }

    private void fill(final ByteBuffer buffer, final long at) throws IOException
    {
        final long offset = at - buffer.position();
        while (buffer.hasRemaining())
        {
            if (channel.read(buffer, offset + buffer.position()) < 0)
            {
                return;
            }
        }
    }

    private static long aligned(final long at)
    {
        return (at + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
