package io.aswarm.ebpf;

/**
 * The balance of the events of one kind, of one interface, on one CPU.
 *
 * @param interfaceIndex that the packets came in by, or that this host sent them by.
 * @param cpu            that saw them.
 * @param kind           one of {@link ConversationKind}.
 * @param seen           events.
 * @param delivered      records of one event.
 * @param weighted       events that are part of a record's weight.
 * @param lostRingFull   events whose record found the ring full.
 * @param lostOverBudget events of a flood that found no place among the weights.
 */
public record EventAccount(
    int interfaceIndex,
    int cpu,
    int kind,
    long seen,
    long delivered,
    long weighted,
    long lostRingFull,
    long lostOverBudget)
{
    /**
     * Whether nothing vanished without a reason.
     *
     * @return true if seen = delivered + weighted + lost.
     */
    public boolean isBalanced()
    {
        return seen == delivered + weighted + lostRingFull + lostOverBudget;
    }
}
