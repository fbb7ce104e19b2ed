package io.aswarm.twinlab;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives later fragments, which carry no ports, those of their first, if it came before them (ebpf, fragment.h).
 */
final class FragmentTable
{
    private static final int ENTRIES_MAX = 8_192;

    private record Key(
        long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int id, int protocol)
    {
    }

    private final Map<Key, Integer> ports = new LinkedHashMap<>(64, 0.75f, true)
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Key, Integer> eldest)
        {
            return size() > ENTRIES_MAX;
        }
    };

    /** Remembers the ports of a first fragment, or gives them to a later one. */
    void tie(final DecodedPacket packet)
    {
        final Key key = new Key(
            packet.sourceHigh, packet.sourceLow, packet.destinationHigh, packet.destinationLow, packet.fragmentId,
            packet.protocol);
        if (!packet.isLaterFragment)
        {
            ports.put(key, packet.sourcePort << Short.SIZE | packet.destinationPort);
            return;
        }
        final Integer first = ports.get(key);
        if (null != first)
        {
            packet.sourcePort = first >>> Short.SIZE;
            packet.destinationPort = first & 0xFFFF;
        }
    }
}
