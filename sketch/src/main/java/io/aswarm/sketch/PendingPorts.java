package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * At how many system ports (RFC 6335, below {@value #SYSTEM_PORTS}) of one host a source waits for its first answer
 * now: each port counts from the opening of a first contact until it is answered, judged overdue or gone. Bare openings
 * ({@link Conversation#isBareOpening()}) count at every port, and those to all hosts of a network (IPv4 /24, IPv6 /64)
 * together: no rank of a collective and no client of a service writes its segments itself. Protocols without ports
 * ({@link Contact#isPortless}) count like system ports, each as one, all of them together: whoever speaks ESP or OSPF
 * with a host asks it for one or two, a protocol scan (nmap -sO) for all 256.
 * <p>
 * Counted by source, host or network, and protocol in {@value #DEPTH} rows of counters, twice as many as contacts can
 * wait, of which the smaller is believed: a counting Bloom filter (Fan, Cao, Almeida and Broder, "Summary cache",
 * IEEE/ACM ToN 8, 2000). It never says too few. When as many wait as can, all of different pairs as in a spoofed flood,
 * it says two too many with probability 0.0081, (1 - 1.5 e<sup>-1/2</sup>)<sup>2</sup>; hashing is keyed, so nobody can
 * aim that.
 */
final class PendingPorts
{
    static final int SYSTEM_PORTS = 1_024;
    /** From here on ports are given to clients too (Linux's ip_local_port_range), and to ranks of a collective. */
    static final int DYNAMIC_PORTS = 32_768;
    private static final int DEPTH = 2;
    /** In place of a protocol: all those that have no ports. */
    private static final int PORTLESS = 0;

    private final MutableDirectBuffer counters;
    private final int width;
    private final KeyedHash pairHash;

    /**
     * @param counters   of at least {@link #memoryLength(int)} bytes.
     * @param pendingMax contacts that can wait at a time, a power of two.
     * @param pairHash   keyed.
     */
    PendingPorts(final MutableDirectBuffer counters, final int pendingMax, final KeyedHash pairHash)
    {
        counters.boundsCheck(0, memoryLength(pendingMax));
        this.counters = counters;
        this.width = 2 * pendingMax;
        this.pairHash = pairHash;
        counters.setMemory(0, memoryLength(pendingMax), (byte)0);
    }

    static int memoryLength(final int pendingMax)
    {
        return DEPTH * 2 * pendingMax * Short.BYTES;
    }

    /**
     * A contact begins to wait.
     *
     * @param contact of which the state says afterwards whether it is counted, {@link PendingContacts#DIVERSE}.
     * @return at how many ports its source waits now: this one and those counted before; 0 for a port that says
     *     nothing.
     */
    int add(final Contact contact)
    {
        final boolean isBare = contact.is(PendingContacts.BARE);
        if ((contact.port >= DYNAMIC_PORTS && !isBare) ||
            (contact.protocol != ConversationKind.TCP && contact.protocol != ConversationKind.UDP &&
                !contact.isPortless()))
        {
            return 0;
        }
        final boolean isCounted = isBare || contact.port < SYSTEM_PORTS;
        contact.state |= isCounted ? PendingContacts.DIVERSE : 0;
        final long hash = hash(contact);
        final int by = isCounted ? 1 : 0;
        return Math.min(change(offset(hash, 0), by), change(offset(hash, 1), by)) + 1 - by;
    }

    /** A contact does not wait any longer, whether it was counted or not. */
    void remove(final Contact contact)
    {
        if (contact.is(PendingContacts.DIVERSE))
        {
            final long hash = hash(contact);
            change(offset(hash, 0), -1);
            change(offset(hash, 1), -1);
        }
    }

    private int change(final int offset, final int by)
    {
        final int count = (counters.getShort(offset) & 0xffff) + by;
        counters.putShort(offset, (short)count);
        return count;
    }

    private long hash(final Contact contact)
    {
        final boolean isBare = contact.is(PendingContacts.BARE);
        final long low = isBare ?
            Contact.networkLow(contact.destinationHigh, contact.destinationLow) : contact.destinationLow;
        return pairHash.hash(
            contact.sourceHigh, contact.sourceLow, contact.destinationHigh, low,
            (contact.isPortless() ? PORTLESS : contact.protocol) | (contact.state & PendingContacts.BARE));
    }

    private int offset(final long hash, final int row)
    {
        return (row * width + ((int)(hash >>> (row * Integer.SIZE)) & (width - 1))) * Short.BYTES;
    }
}
