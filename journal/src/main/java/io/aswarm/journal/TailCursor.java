package io.aswarm.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far events were delivered, in a small file that is replaced as a whole and forced to the disk. Holds the hash of
 * the last certificate too, so that a cursor is not used with another journal.
 */
public final class TailCursor
{
    private static final Pattern CONTENT = Pattern.compile("([1-9][0-9]{0,18}) ([0-9a-f]{64})\\s*");

    private final Path file;
    private long sequence;
    private String sha256 = "";

    private TailCursor(final Path file)
    {
        this.file = file;
    }

    /**
     * Open a cursor.
     *
     * @param file that need not exist yet; its directory must.
     * @return a cursor at what the file says, or before the first certificate.
     * @throws JournalException when the file exists and is not a cursor.
     */
    public static TailCursor open(final Path file) throws JournalException
    {
        final TailCursor cursor = new TailCursor(file);
        try
        {
            if (Files.exists(file))
            {
                final Matcher matcher = CONTENT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                if (!matcher.matches())
                {
                    throw new JournalException(file + ": this is no cursor, which holds a sequence and a hash: " +
                        "delete it to send every certificate again");
                }
                cursor.sequence = Long.parseLong(matcher.group(1));
                cursor.sha256 = matcher.group(2);
            }
            return cursor;
        }
        catch (final IOException | NumberFormatException ex)
        {
            throw new JournalException(file + ": the cursor cannot be read: " + ex.getMessage(), ex);
        }
    }

    /**
     * The last certificate that was delivered.
     *
     * @return its sequence, 0 for none.
     */
    public long sequence()
    {
        return sequence;
    }

    /**
     * The hash of the last certificate that was delivered.
     *
     * @return hexadecimal, empty for none.
     */
    public String sha256()
    {
        return sha256;
    }

    /**
     * Note that all certificates up to this one were delivered. On the disk when this returns.
     *
     * @param newSequence of the certificate.
     * @param newSha256   of the certificate.
     * @throws JournalException when it could not be noted; then these will be sent again after a restart.
     */
    public void advance(final long newSequence, final String newSha256) throws JournalException
    {
        try
        {
            SequenceCeiling.writeDurably(file, newSequence + " " + newSha256 + "\n");
            sequence = newSequence;
            sha256 = newSha256;
        }
        catch (final IOException ex)
        {
            throw new JournalException(file + ": the cursor cannot be written: " + ex.getMessage(), ex);
        }
    }
}
