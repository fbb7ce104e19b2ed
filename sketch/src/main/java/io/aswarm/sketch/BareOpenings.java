package io.aswarm.sketch;

/**
 * Of the openings that a {@link FloodTable} follows, those that are bare ({@link Conversation#isBareOpening}): a
 * process of its own, followed by {@link Cusum} beside that of all openings. One fails when it is refused, or overdue.
 * <p>
 * A client's pool comes back all at once, but from a stack that negotiates; so what must be allowed at once, and in a
 * second, is far less. The 702 benign captures of the open corpus hold 25 bare openings, by ten of 628 hosts. No
 * service got more than three in a second, nor two within 0.4 s of each other, and those were a test written by hand;
 * devices and people's tools opened one in three seconds at most.
 * <p>
 * So the lump allowed, eight or 32, is where false calls are decided; beyond it the bound of {@link Cusum} holds. A
 * monitor that writes its openings itself, faster than a device, is to be declared ({@link Exemption}).
 * <p>
 * An attacker who writes a stack's options is no worse off than he was: the process of all openings follows him, as it
 * does who sends both kinds.
 */
final class BareOpenings
{
    private final Cusum model;
    private final FloodTable table;

    BareOpenings(final Cusum model, final FloodTable table)
    {
        this.model = model;
        this.table = table;
    }

    /** Begin with a slot that was claimed. */
    void follow(final int slot)
    {
        table.putNats(slot, FloodTable.BARE_NATS, model.bottomNats());
    }

    double eventNats()
    {
        return model.eventNats();
    }

    void opened(final int slot, final int openings)
    {
        table.putInt(slot, FloodTable.BARE_YOUNG, table.getInt(slot, FloodTable.BARE_YOUNG) + openings);
    }

    /** So many failed, none if only time passed. */
    void failed(final int slot, final long openings, final long nowNs)
    {
        table.score(slot, model, FloodTable.BARE_NATS, FloodTable.BARE_NS, openings, nowNs);
    }

    /** So many were completed after they had been held overdue. */
    void withdraw(final int slot, final long openings)
    {
        table.putNats(
            slot, FloodTable.BARE_NATS, model.withdraw(table.nats(slot, FloodTable.BARE_NATS), openings));
    }

    boolean isIdle(final int slot)
    {
        return table.nats(slot, FloodTable.BARE_NATS) <= model.bottomNats();
    }
}
