package io.aswarm.ebpf;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A map that outlives its process, and the check that one found at start can be taken over.
 *
 * @param name         of the map and of its pin.
 * @param type         of enum bpf_map_type.
 * @param keyBytes     length of a key.
 * @param valueBytes   length of a value.
 * @param entriesMax   room.
 */
record PinnedMap(String name, int type, int keyBytes, int valueBytes, int entriesMax)
{
    static final int TYPE_HASH = 1;
    static final int TYPE_ARRAY = 2;

    /** What is pinned under a name, or null. */
    static PinnedMap find(final LibBpf.Api bpf, final Path pinDirectory, final String name) throws KernelException
    {
        final Path pin = pinDirectory.resolve(name);
        if (!Files.exists(pin))
        {
            return null;
        }

        final int fd = bpf.bpf_obj_get(pin.toString());
        if (fd < 0)
        {
            throw new KernelException("pinned map " + pin + " can not be opened", -fd);
        }
        try (BpfInfo info = new BpfInfo(bpf))
        {
            final int result = info.read(fd);
            if (result < 0)
            {
                throw new KernelException("pinned map " + pin + " can not be examined", -result);
            }
            return new PinnedMap(name, info.type(), info.mapKeySize(), info.mapValueSize(), info.mapEntriesMax());
        }
        finally
        {
            LibC.API.close(fd);
        }
    }

    PinnedMap ofSize(final int newEntriesMax)
    {
        return new PinnedMap(name, type, keyBytes, valueBytes, newEntriesMax);
    }

    /** Refuse a pinned map of another shape: what is in it would be misread. */
    void requireSame(final PinnedMap found, final Path pin) throws KernelException
    {
        if (!found.equals(this))
        {
            throw new KernelException(
                "pinned map " + pin + " has another shape: found " + found.shape() + ", needed " + shape(),
                Errno.EINVAL.number(), "a release that is not known here left it; lift all containment with " +
                "KernelSensor.detach and start again");
        }
    }

    private String shape()
    {
        return "type=" + type + " keyBytes=" + keyBytes + " valueBytes=" + valueBytes + " entriesMax=" + entriesMax;
    }
}
