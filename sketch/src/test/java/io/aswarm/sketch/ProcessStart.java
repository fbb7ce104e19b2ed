package io.aswarm.sketch;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program start as tests tell it.
 *
 * @param timeNs    when.
 * @param hostHigh  first half of the host's address.
 * @param hostLow   second half.
 * @param before    what the process was.
 * @param program   what it becomes.
 * @param ancestors parent first.
 * @param serves    generation that serves, or 0.
 * @param flags     of the event.
 */
record ProcessStart(
    long timeNs,
    long hostHigh,
    long hostLow,
    String before,
    String program,
    List<String> ancestors,
    int serves,
    int flags) implements ProcessEvent
{
    @Override
    public int path(final byte[] destination)
    {
        return copy(program, destination);
    }

    @Override
    public int parentPath(final byte[] destination)
    {
        return ancestorPath(1, destination);
    }

    @Override
    public int ancestorPath(final int generation, final byte[] destination)
    {
        if (generation == 0)
        {
            return copy(before, destination);
        }
        return generation > ancestors.size() ? 0 : copy(ancestors.get(generation - 1), destination);
    }

    @Override
    public boolean ancestorServes(final int generation)
    {
        return generation == serves;
    }

    static int copy(final String text, final byte[] destination)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, destination, 0, bytes.length);
        return bytes.length;
    }
}
