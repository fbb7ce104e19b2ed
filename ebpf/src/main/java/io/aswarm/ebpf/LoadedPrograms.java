package io.aswarm.ebpf;

import java.util.EnumMap;
import java.util.Map;

/**
 * Descriptors and ids of the packet programs, one for each door.
 */
final class LoadedPrograms
{
    private final Map<Door, Integer> fds = new EnumMap<>(Door.class);
    private final Map<Door, Integer> ids = new EnumMap<>(Door.class);

    LoadedPrograms(final LibBpf.Api bpf, final BpfObject object) throws KernelException
    {
        try (BpfInfo info = new BpfInfo(bpf))
        {
            for (final Door door : Door.values())
            {
                final int fd = object.programFd(door.program());
                final int result = info.read(fd);
                if (result < 0)
                {
                    throw new KernelException("loaded program can not be examined", -result);
                }
                fds.put(door, fd);
                ids.put(door, info.id());
            }
        }
    }

    int fd(final Door door)
    {
        return fds.get(door);
    }

    /** As the kernel names it in the information of a link. */
    int id(final Door door)
    {
        return ids.get(door);
    }
}
