package io.aswarm.sketch;

/**
 * Programs that talk among equals fail at many of them, and are no scanners for that. What tells them apart is that
 * they know whom to ask where: a scanner asks for one port of many hosts or for many ports of one.
 * <ul>
 * <li><b>Outside the site</b>, a port from 1,024 on that was not asked in the episode, of a host that was not either:
 * peers have as many ports as addresses (Karagiannis, Broido, Faloutsos and claffy, "Transport layer identification of
 * P2P traffic", IMC 2004, section 4.2), and most of those that a client knows of are gone. The price: a scan that asks
 * each host outside for another port is called by nobody, and any other one to such ports with one contact more.</li>
 * <li><b>Inside</b>, ranks of a collective ask each other on many dynamic ports, and one that is not up yet refuses
 * them all. So a further such port of a host that refused one says nothing new, where at least
 * {@value #SERVING_MIN} hosts serve the source at such ports in this episode. The price: who takes part in a
 * collective may scan dynamic ports of a host.</li>
 * </ul>
 * Who writes his openings himself is no such program.
 */
final class Peers
{
    static final int SERVING_MIN = 3;

    private final Site site;
    private final EpisodeNotes notes;
    private final KeyedHash hostHash;

    Peers(final Site site, final EpisodeNotes notes, final KeyedHash hostHash)
    {
        this.site = site;
        this.notes = notes;
        this.hostHash = hostHash;
    }

    /** The source of an episode was served. */
    void served(final int slot, final Contact contact)
    {
        if (isRank(contact))
        {
            notes.served(slot, hostHash.hash(contact.destinationHigh, contact.destinationLow));
        }
    }

    /** Whether a failure is that of such a program, by whether its host and its port are new to the episode. */
    boolean excuse(final int slot, final Contact contact, final boolean isNewHost, final boolean isNewPort)
    {
        if (site.contains(contact.destinationHigh, contact.destinationLow))
        {
            return !isNewHost && contact.cause == Cause.REFUSED && isRank(contact) && notes.peers(slot) >= SERVING_MIN;
        }
        return isNewHost && isNewPort && contact.port >= PendingPorts.SYSTEM_PORTS && !contact.is(PendingContacts.BARE);
    }

    private static boolean isRank(final Contact contact)
    {
        return contact.isTcp() && contact.port >= PendingPorts.DYNAMIC_PORTS && !contact.is(PendingContacts.BARE);
    }
}
