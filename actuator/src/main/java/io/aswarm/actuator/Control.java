package io.aswarm.actuator;

import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;

/**
 * What can contain and measure whether it does. One thread calls it. Instants are CLOCK_MONOTONIC nanoseconds. Errors
 * are returned as negative errno and never thrown.
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
    /** Error: this control can not do that, EOPNOTSUPP. */
    int NOT_SUPPORTED = -95;

    /**
     * Who enforces, as certificates state it: {@code simulated}, {@code linux_kernel_enforced}.
     *
     * @return who enforces.
     */
    String tier();

    /**
     * Put a containment into force until a deadline that is enforced without this process. Acts may overlap: each has
     * its own entry.
     *
     * @param containment which packets, and what happens to them.
     * @param deadlineNs  from which on the entry is ignored.
     * @param actId       owner of the entry.
     * @return 0, {@link #OTHER_OWNER} where another act's live entry is in the way, {@link #NOT_SUPPORTED}, or another
     * negative errno.
     */
    int contain(Containment containment, long deadlineNs, long actId);

    /**
     * Remove an act's entry.
     *
     * @param rule  of the entry.
     * @param actId  owner of the entry.
     * @return 0, {@link #NO_ENTRY} if there is none, {@link #OTHER_OWNER} if only another act has one, or another
     * negative errno.
     */
    int release(QuarantineRule rule, long actId);

    /**
     * Real packets that an act's entry has dropped.
     *
     * @param rule  of the entry.
     * @param actId  owner of the entry.
     * @return the count, {@link #NO_ENTRY} if the act has no entry there, or another negative errno.
     */
    long drops(QuarantineRule rule, long actId);

    /**
     * All entries, live and expired. The handler must not change any.
     *
     * @param handler called for each.
     */
    void forEach(EntryHandler handler);

    /**
     * What happens to a packet, by sending a synthetic one through what really decides. It spends nothing of a limit
     * and counts nowhere.
     *
     * @param packet      to be judged.
     * @param assumptions sum of the {@code ASSUME_} constants of {@link io.aswarm.ebpf.VerdictProbe}, or 0.
     * @return {@link #VERDICT_DROP}, {@link #VERDICT_PASS}, another XDP action, or negative errno.
     */
    int verdict(ProbePacket packet, int assumptions);

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
         * @param containment which packets, and what happens to them.
         * @param deadlineNs  of the entry.
         * @param actId       owner of the entry.
         * @param drops       real packets dropped by it.
         */
        void onEntry(Containment containment, long deadlineNs, long actId, long drops);
    }
}
