package io.aswarm.journal;

import java.nio.file.Path;

/**
 * A place in the journal that cannot be read.
 *
 * @param segment  file.
 * @param position of the first byte that makes no sense.
 * @param what     is wrong and what was done.
 */
public record JournalDamage(Path segment, long position, String what)
{
    @Override
    public String toString()
    {
        return segment + ": byte " + position + ": " + what;
    }
}
