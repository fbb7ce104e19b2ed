package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.ProcessEvent;

import java.nio.charset.StandardCharsets;

/**
 * A program that began on the host of a process trace.
 *
 * @param timeNs       when.
 * @param program      its path.
 * @param parent       path of the program that started it; empty where the trace does not know it.
 * @param parentServes whether that one accepts conversations from outside.
 */
record ProcessRecord(long timeNs, String program, String parent, boolean parentServes) implements ProcessEvent
{
    /** Traces do not say the address of their host; this one, for benchmarks (RFC 2544), stands for it. */
    static final IpAddress HOST = IpAddress.parse("198.18.0.1");

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
        return copy(parent, destination);
    }

    @Override
    public int flags()
    {
        return parentServes ? FLAG_PARENT_SERVES : 0;
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
