package io.aswarm.ebpf;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/**
 * The calls to libc. Addresses are passed as {@code long}; of a call with six arguments one is declared as a pointer,
 * since jnr-ffi passes a garbage sixth argument when all are primitive (see {@link MemoryMap#selfTest()}).
 */
final class LibC
{
    static final Api API = LibraryLoader.create(Api.class).load("c");

    private LibC()
    {
    }

    /** Signatures as in the manual's section 2, public only because jnr-ffi implements it from another loader. */
    public interface Api
    {
        int open(String path, int flags);

        int close(int fd);

        int flock(int fd, int operation);

        long mmap(Pointer address, long lengthBytes, int protection, int flags, int fd, long offset);

        int munmap(long address, long lengthBytes);

        int memfd_create(String name, int flags);

        long pwrite(int fd, long buffer, long lengthBytes, long offset);

        int mount(String source, String target, String type, long flags, String data);

        int open_by_handle_at(int mountFd, long handle, int flags);

        int statfs(String path, long result);

        int unshare(int flags);

        int adjtimex(long timex);

        int if_nametoindex(String name);

        int epoll_create1(int flags);

        int epoll_ctl(int epollFd, int operation, int fd, long event);

        int epoll_pwait2(int epollFd, long events, int eventsMax, long timeSpec, long signalMask);

        int socket(int domain, int type, int protocol);

        int bind(int fd, long address, int lengthBytes);

        int setsockopt(int fd, int level, int option, long value, int lengthBytes);

        int getsockopt(int fd, int level, int option, long value, long lengthBytes);

        long recvmsg(int fd, long message, int flags);

        long recv(int fd, long buffer, long lengthBytes, int flags);

        long send(int fd, long buffer, long lengthBytes, int flags);

        int poll(long entries, long count, int timeoutMs);

        int clock_gettime(int clock, long timeSpec);

        long syscall(long number, long first, long second, long third, long fourth);

        int setpriority(int which, int who, int nice);

        int getpriority(int which, int who);

        int sched_setaffinity(int threadId, long maskBytes, long mask);

        int sched_getaffinity(int threadId, long maskBytes, long mask);
    }
}
