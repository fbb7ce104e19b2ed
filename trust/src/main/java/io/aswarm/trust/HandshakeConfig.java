package io.aswarm.trust;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link Handshake} needs to know. Set before it is made.
 */
public final class HandshakeConfig
{
    /** Longest life of an offer that a peer may claim. */
    static final long OFFER_LIFE_MAX_NS = 2 * TimeUnit.DAYS.toNanos(7) + OwnKeys.EXPIRY_EXTRA_NS;

    private final int nodeId;
    private final HybridSigner signer;
    private final long bootEpoch;
    private Roster roster;
    private long rekeyIntervalNs = TimeUnit.HOURS.toNanos(1);
    private SecureRandom random = new SecureRandom();

    /**
     * A configuration with defaults.
     *
     * @param roster    of the site.
     * @param nodeId    of this node in it.
     * @param signer    with this node's identity, used by the thread of the handshake only. Where the roster lists its
     *                  classical half alone, only that half is used.
     * @param bootEpoch of this start; a later start has a greater one.
     * @throws IllegalArgumentException when the roster has no such node, or another identity for it.
     */
    public HandshakeConfig(final Roster roster, final int nodeId, final HybridSigner signer, final long bootEpoch)
    {
        final Roster.Node node = roster.node(nodeId);
        this.nodeId = nodeId;
        this.signer = null == node || node.identity().isHybrid() ? signer : HybridSigner.of(signer.classical());
        this.bootEpoch = bootEpoch;
        roster(roster);
    }

    /**
     * How often all keys are made anew: what was sealed longer ago than this cannot be opened by whoever takes a node.
     *
     * @param valueNs 1 s to 7 days, by default 1 h; each costs every node about a millisecond for each peer.
     * @return this.
     */
    public HandshakeConfig rekeyIntervalNs(final long valueNs)
    {
        if (valueNs < TimeUnit.SECONDS.toNanos(1) || valueNs > TimeUnit.DAYS.toNanos(7))
        {
            throw new IllegalArgumentException("rekeyIntervalNs=" + valueNs + "; allowed: 1 s to 7 days");
        }
        rekeyIntervalNs = valueNs;
        return this;
    }

    /**
     * Where keys come from.
     *
     * @param source of randomness, by default the platform's; a rehearsal gives one of a seed.
     * @return this.
     */
    public HandshakeConfig random(final SecureRandom source)
    {
        random = source;
        return this;
    }

    void roster(final Roster newRoster)
    {
        final Roster.Node node = newRoster.node(nodeId);
        if (null == node || !node.identity().equals(signer.publicKey()))
        {
            throw new IllegalArgumentException("the roster of " + newRoster.site() + " does not list node " + nodeId +
                " with the public half of this node's identity");
        }
        roster = newRoster;
    }

    Roster roster()
    {
        return roster;
    }

    int nodeId()
    {
        return nodeId;
    }

    HybridSigner signer()
    {
        return signer;
    }

    long bootEpoch()
    {
        return bootEpoch;
    }

    long rekeyIntervalNs()
    {
        return rekeyIntervalNs;
    }

    SecureRandom random()
    {
        return random;
    }
}
