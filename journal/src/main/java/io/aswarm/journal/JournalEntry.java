package io.aswarm.journal;

import java.nio.file.Path;

/**
 * One certificate in the journal.
 *
 * @param sequence       in the node's chain, from 1.
 * @param previousSha256 of the entry before it in hexadecimal; zeros for the first.
 * @param sha256         of the envelope in hexadecimal.
 * @param envelope       DSSE, exactly the bytes that were signed for and are hashed.
 * @param segment        file it was read from.
 * @param position       in that file.
 */
public record JournalEntry(
    long sequence, String previousSha256, String sha256, byte[] envelope, Path segment, long position)
{
}
