package io.aswarm.actuator;

/**
 * What can contain an address and measure whether it is contained. One thread calls it. Addresses are the upper and
 * lower 64 bits of an IPv6 or v4-mapped address; instants are CLOCK_MONOTONIC nanoseconds. Errors are returned as
 * negative errno and never thrown.
 */
public interface Control
{
    /** Verdict: the packet is dropped, XDP_DROP in linux/bpf.h. */
    int VERDICT_DROP = 1;
    /** Verdict: the packet passes, XDP_PASS in linux/bpf.h. */
    int VERDICT_PASS = 2;
    /** The kill switch is not set. */
    int SWITCH_RUNNING = 0;
    /** The kill switch is set. */
    int SWITCH_HALTED = 1;
    /** Error: there is no such entry, ENOENT. */
    int NO_ENTRY = -2;
    /** Error: the entry belongs to another act, ESTALE. */
    int OTHER_OWNER = -116;

    /**
     * Who enforces, as certificates state it: {@code simulated}, {@code linux_kernel_enforced}.
     *
     * @return who enforces.
     */
    String tier();

    /**
     * Contain an address until a deadline that is enforced without this process.
     *
     * @param high       upper 64 bits.
     * @param low        lower 64 bits.
     * @param deadlineNs from which on the entry is ignored.
     * @param actId      owner of the entry.
     * @param mode       of the act's kind, for example {@code drop}.
     * @return 0, {@link #OTHER_OWNER} if another act's live entry is there, or another negative errno.
     */
    int contain(long high, long low, long deadlineNs, long actId, String mode);

    /**
     * Remove an entry if that act owns it.
     *
     * @param high  upper 64 bits.
     * @param low   lower 64 bits.
     * @param actId owner of the entry.
     * @return 0, {@link #NO_ENTRY} if there is none, {@link #OTHER_OWNER} if it is another act's, or another negative
     * errno.
     */
    int release(long high, long low, long actId);

    /**
     * Real packets that the address's entry has dropped.
     *
     * @param high upper 64 bits.
     * @param low  lower 64 bits.
     * @return the count, {@link #NO_ENTRY} if nobody has an entry there, or another negative errno.
     */
    long drops(long high, long low);

    /**
     * All entries, live and expired. The handler must not change any.
     *
     * @param handler called for each.
     */
    void forEach(EntryHandler handler);

    /**
     * What happens to a packet, by sending a synthetic one through what really decides.
     *
     * @param sourceHigh      upper 64 bits of its source.
     * @param sourceLow       lower 64 bits of its source.
     * @param destinationHigh upper 64 bits of its destination.
     * @param destinationLow  lower 64 bits of its destination.
     * @return {@link #VERDICT_DROP}, {@link #VERDICT_PASS}, another XDP action, or negative errno.
     */
    int verdict(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow);

    /**
     * Is that which decides in the path of real packets?
     *
     * @return true if it is.
     */
    boolean attached();

    /**
     * Set or clear the kill switch: while it is set, entries stay but nothing is enforced.
     *
     * @param halted true to set it.
     * @return 0 or negative errno.
     */
    int halt(boolean halted);

    /**
     * Is the kill switch set, whoever set it?
     *
     * @return {@link #SWITCH_HALTED}, {@link #SWITCH_RUNNING}, or negative errno.
     */
    int switchState();

    /**
     * Takes entries.
     */
    @FunctionalInterface
    interface EntryHandler
    {
        /**
         * One entry.
         *
         * @param high       upper 64 bits of the address.
         * @param low        lower 64 bits.
         * @param deadlineNs of the entry.
         * @param actId      owner of the entry.
         * @param drops      real packets dropped by it.
         */
        void onEntry(long high, long low, long deadlineNs, long actId, long drops);
    }
}
