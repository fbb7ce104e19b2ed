package io.aswarm.ebpf;

/**
 * What keeps a program at one door of one interface, also when the process is gone.
 */
interface Hold extends AutoCloseable
{
    /** Of the interface that is held; 0 when it is gone. */
    int interfaceIndex();

    /** Whether the kernel says that this program, and no other, is there. */
    boolean runs(int programId, int interfaceIndex);

    /** After a start that failed: off the interface, unless an earlier process had put a program there. */
    void undo();

    /** Let go of it here; the program stays. */
    @Override
    void close();
}
