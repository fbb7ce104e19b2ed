package io.aswarm.ebpf;

import jnr.ffi.LibraryLoader;

/** Calls to libc that only tests need. */
final class TestLibC
{
    static final int CLONE_NEWNET = 0x40000000;
    static final Api API = LibraryLoader.create(Api.class).load("c");

    private TestLibC()
    {
    }

    /** Signatures, public only because jnr-ffi implements it from another loader. */
    public interface Api
    {
        int umount2(String target, int flags);

        int open(String path, int flags);

        int setns(int fd, int kind);

        int ftruncate(int fd, long lengthBytes);

        long syscall(long number, long first, long second, long third);
    }
}
