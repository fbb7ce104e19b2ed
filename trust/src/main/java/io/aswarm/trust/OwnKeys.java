package io.aswarm.trust;

import java.security.SecureRandom;

/**
 * What this node offers and under which key it seals. A rekey makes both anew. The new sender key is used once
 * everybody who holds the old one said that it holds the new one too, or when the time for that is over; thus nobody
 * misses a datagram by a rekey.
 */
final class OwnKeys
{
    /** How long a rekey waits for peers that do not answer. */
    static final long SWITCH_NS = 30_000_000_000L;
    /** The same when somebody left the roster, who still holds the old key. */
    static final long SWITCH_AFTER_LEAVE_NS = 2_000_000_000L;
    /** An offer may be used this much longer than until the next is due twice over. */
    static final long EXPIRY_EXTRA_NS = 600_000_000_000L;

    private final HandshakeConfig config;
    private final SecureRandom random;
    private HybridKeyPair keyPair;
    private Offer offer;
    private byte[][] fragments;
    private int generation;
    private int nextKeyId;
    private int attempt;
    private SenderKey current;
    private SenderKey pending;
    private long switchNs;
    private long renewNs;

    OwnKeys(final HandshakeConfig config)
    {
        this.config = config;
        this.random = config.random();
        this.nextKeyId = random.nextInt();
    }

    /** Make all keys anew. */
    void renew(final long patienceNs, final long nowNs, final long nowEpochNs)
    {
        if (null != keyPair)
        {
            keyPair.destroy();
        }
        keyPair = new HybridKeyPair(random);
        offer = Offer.sign(config.roster().site(), config.nodeId(), config.bootEpoch(), ++generation, nowEpochNs,
            nowEpochNs + 2 * config.rekeyIntervalNs() + EXPIRY_EXTRA_NS, keyPair, config.signer());
        fragments = OfferFragment.split(offer);
        renewNs = nowNs + config.rekeyIntervalNs();

        if (null != pending)
        {
            pending.destroy();
        }
        pending = new SenderKey(nextKeyId++, random);
        switchNs = nowNs + patienceNs;
        if (null == current)
        {
            use();
        }
    }

    boolean isRenewalDue(final long nowNs)
    {
        return null == offer || renewNs - nowNs <= 0;
    }

    /** Go over to the new key, if it is time. */
    boolean trySwitch(final long nowNs)
    {
        if (null == pending || (!holdsAll() && switchNs - nowNs > 0))
        {
            return false;
        }
        current.destroy();
        use();
        return true;
    }

    Offer offer()
    {
        return offer;
    }

    byte[][] fragments()
    {
        return fragments;
    }

    HybridKeyPair keyPair()
    {
        return keyPair;
    }

    /** The number of the next encapsulation; grows over the whole start. */
    int nextAttempt()
    {
        return ++attempt;
    }

    /** The key in use. */
    SenderKey current()
    {
        return current;
    }

    /** The key to be used next, or null. */
    SenderKey pending()
    {
        return pending;
    }

    /** A peer lost what it was given, or is gone. */
    void deactivate(final int nodeId)
    {
        if (null != current)
        {
            current.deactivate(nodeId);
        }
        if (null != pending)
        {
            pending.deactivate(nodeId);
        }
    }

    /** Does this peer lack a key? */
    boolean lacks(final int nodeId)
    {
        return !current.isActive(nodeId) || (null != pending && !pending.isActive(nodeId));
    }

    void destroy()
    {
        if (null != offer)
        {
            keyPair.destroy();
            current.destroy();
            if (null != pending)
            {
                pending.destroy();
            }
        }
    }

    private boolean holdsAll()
    {
        for (int slot = 0; slot < current.slots(); slot++)
        {
            if (current.isActive(current.peerId(slot)) && !pending.isActive(current.peerId(slot)))
            {
                return false;
            }
        }
        return true;
    }

    private void use()
    {
        current = pending;
        pending = null;
    }
}
