package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.ProcessEvent;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program that began on the host of a process trace.
 *
 * @param timeNs    when.
 * @param program   its path.
 * @param before    what the process ran before; empty where the trace does not know it.
 * @param ancestors its parent, the parent's parent and so on, as far as the trace knows them.
 * @param flags     of {@link ProcessEvent}.
 */
record ProcessRecord(long timeNs, String program, String before, List<Ancestor> ancestors, int flags)
    implements ProcessEvent
{
    /** Traces do not say the address of their host; this one, for benchmarks (RFC 2544), stands for it. */
    static final IpAddress HOST = IpAddress.parse("198.18.0.1");

    /**
     * A process further up.
     *
     * @param program that it ran then.
     * @param serves  whether it accepts conversations from outside.
     */
    record Ancestor(String program, boolean serves)
    {
    }

    /** One of which the trace knows the parent at most. */
    static ProcessRecord of(final long timeNs, final String program, final String parent)
    {
        return new ProcessRecord(
            timeNs, program, "", parent.isEmpty() ? List.of() : List.of(new Ancestor(parent, false)), 0);
    }

    @Override
    public long hostHigh()
    {
        return HOST.high();
    }

    @Override
    public long hostLow()
    {
        return HOST.low();
    }

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
        if (0 == generation)
        {
            return copy(before, destination);
        }
        return generation <= ancestors.size() ? copy(ancestors.get(generation - 1).program(), destination) : 0;
    }

    @Override
    public boolean ancestorServes(final int generation)
    {
        return generation <= ancestors.size() && ancestors.get(generation - 1).serves();
    }

    private static int copy(final String path, final byte[] destination)
    {
        final byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        final int length = Math.min(bytes.length, PATH_MAX);
        // of a longer one the last bytes count
        System.arraycopy(bytes, bytes.length - length, destination, 0, length);
        return length;
    }
}
