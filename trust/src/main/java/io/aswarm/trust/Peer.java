package io.aswarm.trust;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * What this node knows of one peer, and what it still has to tell it. After each step that brings the two nearer to
 * each other the next is due at once; without progress the last is repeated, ever more rarely, as long as the peer is
 * heard.
 */
final class Peer
{
    /** First interval of repetition. */
    static final long REPEAT_MIN_NS = 200_000_000L;
    /** Last interval of repetition. */
    static final long REPEAT_MAX_NS = 10_000_000_000L;
    /** Until the next try where there was no room to send. */
    static final long REFUSED_NS = 10_000_000L;
    /** A peer not heard for longer is left alone. */
    static final long SILENCE_NS = 30_000_000_000L;
    private static final int CHECKS_PER_SECOND = 1;
    private static final int CHECKS_BURST = 4;

    private Roster.Node node;
    private final HandshakeConfig config;
    private final OwnKeys own;
    private final SecureRandom random;
    private final PeerKeys keys = new PeerKeys();
    private final CheckBudget checks;

    private Offer offer;
    private long offerEndNs;
    private Pairing pairing;
    private byte[] encapsulation;
    private int attemptOfPeer;
    private boolean hasPeerAttempt;
    private boolean isOursKnown;
    private boolean isUnusable;

    private boolean isHeard;
    private long heardNs;
    private boolean isDue;
    private long dueNs;
    private long repeatNs = REPEAT_MIN_NS;
    private boolean isReceiptDue;
    private int receiptKeyId;
    private byte[] cookieForPeer;
    private int provenOrigin;
    private boolean isProven;

    Peer(final Roster.Node node, final HandshakeConfig config, final OwnKeys own, final long nowNs)
    {
        this.node = node;
        this.config = config;
        this.own = own;
        this.random = config.random();
        this.checks = new CheckBudget(CHECKS_PER_SECOND, CHECKS_BURST, nowNs);
    }

    Roster.Node node()
    {
        return node;
    }

    /** The roster says something else of it now, but not another identity. */
    void node(final Roster.Node changed, final long nowNs, final long nowEpochNs)
    {
        node = changed;
        if (null != offer)
        {
            limitOffer(nowNs, nowEpochNs);
        }
    }

    PeerKeys keys()
    {
        return keys;
    }

    Offer offer()
    {
        return offer;
    }

    CheckBudget checks()
    {
        return checks;
    }

    /** Did it last prove itself by messages of this origin? */
    boolean isProvenAt(final int origin)
    {
        return isProven && provenOrigin == origin;
    }

    /** It was heard, by whatever means; anybody may have spoken in its name. */
    void onHeard(final long nowNs)
    {
        isHeard = true;
        heardNs = nowNs;
        if (!isDue && isIncomplete())
        {
            due(nowNs);
        }
    }

    /** Ask it for its offer with a cookie in it. */
    void demandCookie(final byte[] cookie)
    {
        cookieForPeer = cookie;
    }

    /** Its offer was verified, and is newer than the last. */
    void onOffer(final Offer verified, final int origin, final long nowNs, final long nowEpochNs)
    {
        if (null == offer || offer.bootEpoch() != verified.bootEpoch())
        {
            keys.clear();
            own.deactivate(node.id());
        }
        offer = verified;
        limitOffer(nowNs, nowEpochNs);
        cookieForPeer = null;
        isUnusable = false;
        abandonPairing();
        onProgress(origin, nowNs);
    }

    /** A message for this node from a peer whose offer is held. */
    SessionCounter onMessage(final PairMessage message, final int origin, final long nowNs)
    {
        if (null == offer || !message.isFrom(offer) || !message.isFor(own.offer()))
        {
            return null == offer || message.isFor(own.offer()) ? null : SessionCounter.REFUSED_OLD;
        }
        if (!pair())
        {
            return SessionCounter.REFUSED_MALFORMED;
        }
        switch (message.kind())
        {
            case SessionFrame.ENCAPSULATION:
                return onEncapsulation(message, origin, nowNs);
            case SessionFrame.SENDER_KEY:
                return onSenderKey(message, origin, nowNs);
            default:
                return onReceipt(message, origin, nowNs);
        }
    }

    /** Send what is due. True if there was something, and it left. */
    boolean trySend(final SessionKeys.Outlet outlet, final long nowNs)
    {
        if (isReceiptDue && null != pairing && pairing.isComplete())
        {
            // once: who does not get it says again what it is for
            isReceiptDue = false;
            final byte[] receipt = PairMessage.receipt(pairing, receiptKeyId);
            return outlet.offer(receipt, 0, receipt.length);
        }
        if (!isDue || dueNs - nowNs > 0)
        {
            return false;
        }
        if (!isIncomplete() || !isHeard || nowNs - heardNs > SILENCE_NS)
        {
            isDue = false;
            repeatNs = REPEAT_MIN_NS;
            return false;
        }
        if (!sendMissing(outlet))
        {
            due(nowNs + REFUSED_NS);
            return false;
        }
        // a quarter more or less by chance, so that many nodes do not keep step
        due(nowNs + repeatNs - repeatNs / 4 + (long)(random.nextDouble() * repeatNs / 2));
        repeatNs = Math.min(REPEAT_MAX_NS, 2 * repeatNs);
        return true;
    }

    void onTick(final long nowNs)
    {
        keys.onTick(nowNs);
        if (null != offer && offerEndNs - nowNs <= 0)
        {
            forget();
        }
    }

    /** This node's own offer is another one now. */
    void onOwnRenewal(final long nowNs)
    {
        abandonPairing();
        if (isHeard)
        {
            due(nowNs);
        }
    }

    /** Overwrite all that was agreed on. */
    void forget()
    {
        abandonPairing();
        offer = null;
        keys.clear();
        own.deactivate(node.id());
    }

    private SessionCounter onEncapsulation(final PairMessage message, final int origin, final long nowNs)
    {
        if (!message.isGateMacOf(pairing))
        {
            return SessionCounter.REFUSED_FORGED;
        }
        if (hasPeerAttempt && message.number() - attemptOfPeer <= 0)
        {
            return null;
        }
        hasPeerAttempt = true;
        attemptOfPeer = message.number();
        isOursKnown = false;
        pairing.complete(message.encapsulation());
        if (message.needsKey())
        {
            own.deactivate(node.id());
        }
        onProgress(origin, nowNs);
        return SessionCounter.AGREED;
    }

    private SessionCounter onSenderKey(final PairMessage message, final int origin, final long nowNs)
    {
        if (!pairing.isComplete())
        {
            return null;
        }
        final PeerKey held = keys.find(message.number());
        if (null == held || !held.isOf(pairing))
        {
            final byte[] key = message.unwrap(pairing);
            if (null == key)
            {
                return SessionCounter.REFUSED_FORGED;
            }
            final boolean isAdded = message.slot() < Session.PEERS_MAX &&
                keys.add(new PeerKey(message.number(), message.slot(), key, pairing));
            Arrays.fill(key, (byte)0);
            if (!isAdded)
            {
                return SessionCounter.REFUSED_OLD;
            }
            isOursKnown = true;
            onProgress(origin, nowNs);
        }
        isReceiptDue = true;
        receiptKeyId = message.number();
        return null;
    }

    private SessionCounter onReceipt(final PairMessage message, final int origin, final long nowNs)
    {
        if (!pairing.isComplete() || !message.isReceiptMacOf(pairing))
        {
            return pairing.isComplete() ? SessionCounter.REFUSED_FORGED : null;
        }
        for (final SenderKey key : new SenderKey[]{own.current(), own.pending()})
        {
            if (null != key && key.id() == message.number() && !key.isActive(node.id()))
            {
                key.activate(node.id());
                isOursKnown = true;
                onProgress(origin, nowNs);
            }
        }
        return null;
    }

    /** Send what the peer lacks; true if any of it left. */
    private boolean sendMissing(final SessionKeys.Outlet outlet)
    {
        if (null == offer)
        {
            final byte[] request = OfferRequest.write(config.nodeId(), node.id(), null, cookieForPeer);
            return outlet.offer(request, 0, request.length);
        }
        if (!pair())
        {
            return false;
        }
        boolean isSent = !isOursKnown && outlet.offer(encapsulation, 0, encapsulation.length);
        if (pairing.isComplete())
        {
            isSent |= wrap(own.current(), outlet);
            isSent |= wrap(own.pending(), outlet);
        }
        return isSent;
    }

    private boolean wrap(final SenderKey key, final SessionKeys.Outlet outlet)
    {
        if (null == key || key.isActive(node.id()))
        {
            return false;
        }
        final int slot = key.assign(node.id(), pairing.authenticatorKey(config.nodeId(), key.id()));
        if (SenderKey.NO_SLOT == slot)
        {
            return false;
        }
        final byte[] message = PairMessage.senderKey(pairing, key, slot);
        return outlet.offer(message, 0, message.length);
    }

    /** Have a pairing of the two offers that are held; false if the peer signed keys with which there can be none. */
    private boolean pair()
    {
        if (null == pairing && !isUnusable)
        {
            final byte[] classical = own.keyPair().agree(offer.x25519());
            final HybridKeyPair.Encapsulation forPeer = HybridKeyPair.encapsulate(offer.encapsulationKey(), random);
            isUnusable = null == classical || null == forPeer;
            if (!isUnusable)
            {
                pairing = new Pairing(
                    config.roster().site(), own.offer(), own.keyPair(), offer, classical, forPeer);
                encapsulation = PairMessage.encapsulation(pairing, own.nextAttempt(), keys.isEmpty());
                hasPeerAttempt = false;
                isOursKnown = false;
            }
        }
        return !isUnusable;
    }

    private void limitOffer(final long nowNs, final long nowEpochNs)
    {
        offerEndNs = nowNs + Math.min(offer.expiresEpochNs(), node.validity().notAfterEpochNs()) - nowEpochNs;
    }

    private void abandonPairing()
    {
        if (null != pairing)
        {
            pairing.destroy();
            pairing = null;
        }
    }

    private boolean isIncomplete()
    {
        return null == offer || (!isUnusable &&
            (null == pairing || !pairing.isComplete() || !isOursKnown || own.lacks(node.id())));
    }

    private void onProgress(final int origin, final long nowNs)
    {
        isProven = true;
        provenOrigin = origin;
        isHeard = true;
        heardNs = nowNs;
        repeatNs = REPEAT_MIN_NS;
        due(nowNs);
    }

    private void due(final long atNs)
    {
        isDue = true;
        dueNs = atNs;
    }

    @Override
    public String toString()
    {
        return "peer " + node.id();
    }
}
