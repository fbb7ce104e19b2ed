package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the kernel says about a link, a program or a map (struct bpf_link_info, bpf_prog_info, bpf_map_info of
 * linux/bpf.h).
 */
final class BpfInfo implements AutoCloseable
{
    private static final int CAPACITY = 256;
    private static final int LENGTH_OFFSET = 0;
    private static final int INFO_OFFSET = 8;

    private static final int TYPE_OFFSET = INFO_OFFSET;
    private static final int ID_OFFSET = TYPE_OFFSET + Integer.BYTES;
    private static final int LINK_PROGRAM_ID_OFFSET = ID_OFFSET + Integer.BYTES;
    private static final int LINK_XDP_INTERFACE_OFFSET = INFO_OFFSET + 16;
    private static final int MAP_KEY_SIZE_OFFSET = ID_OFFSET + Integer.BYTES;
    private static final int MAP_VALUE_SIZE_OFFSET = MAP_KEY_SIZE_OFFSET + Integer.BYTES;
    private static final int MAP_ENTRIES_MAX_OFFSET = MAP_VALUE_SIZE_OFFSET + Integer.BYTES;

    private static final int PROGRAM_VERIFIED_OFFSET = INFO_OFFSET + 216;

    private final LibBpf.Api bpf;
    private final NativeBlock block = new NativeBlock(INFO_OFFSET + CAPACITY);
    private final UnsafeBuffer buffer = block.buffer();

    BpfInfo(final LibBpf.Api bpf)
    {
        this.bpf = bpf;
    }

    /** Ask about a descriptor: 0 or a negative errno. */
    int read(final int fd)
    {
        block.clear();
        buffer.putInt(LENGTH_OFFSET, CAPACITY);
        return bpf.bpf_obj_get_info_by_fd(fd, block.address(INFO_OFFSET), block.address(LENGTH_OFFSET));
    }

    int type()
    {
        return buffer.getInt(TYPE_OFFSET);
    }

    int id()
    {
        return buffer.getInt(ID_OFFSET);
    }

    /** Instructions that the verifier processed to accept a program (since Linux 5.16). */
    int verifiedInstructions()
    {
        return buffer.getInt(PROGRAM_VERIFIED_OFFSET);
    }

    int linkProgramId()
    {
        return buffer.getInt(LINK_PROGRAM_ID_OFFSET);
    }

    /** 0 when the interface is gone. */
    int linkInterfaceIndex()
    {
        return buffer.getInt(LINK_XDP_INTERFACE_OFFSET);
    }

    int mapKeySize()
    {
        return buffer.getInt(MAP_KEY_SIZE_OFFSET);
    }

    int mapValueSize()
    {
        return buffer.getInt(MAP_VALUE_SIZE_OFFSET);
    }

    int mapEntriesMax()
    {
        return buffer.getInt(MAP_ENTRIES_MAX_OFFSET);
    }

    @Override
    public void close()
    {
        block.close();
    }
}
