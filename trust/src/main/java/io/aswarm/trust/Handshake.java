package io.aswarm.trust;

import java.util.HashMap;
import java.util.Map;

/**
 * Agrees on session keys with all peers of the roster: a state machine without network, clock or thread.
 * <pre>
 *   node A                                   node B
 *   OFFER (parts, signed)  ──────────►       verifies, once for each start and rekey of A
 *                          ◄──────────       OFFER (parts, signed)
 *   ENCAPSULATION          ──────────►
 *                          ◄──────────       ENCAPSULATION
 *   both have the secrets of their pair ({@link Pairing})
 *   SENDER_KEY             ──────────►       can open what A seals
 *                          ◄──────────       RECEIPT: A's datagrams reach B
 *   and the same the other way
 * </pre>
 * There are no roles, so nothing is special about starting at the same time. Offers go to all at once; who lacks one
 * asks with a REQUEST. Each node repeats what a peer has not acted on, with growing pauses, while the peer is heard. A
 * start of a node has a boot epoch, which its offer signs; what it agreed on before is dropped by the first offer of a
 * later start.
 * <p>
 * <b>Rekey.</b> New offer, new pairs, new sender key. Secret halves of the old offer are overwritten at once: what
 * a taken node gives away reaches back to its last rekey. The old sender key is used until the new one has arrived
 * everywhere ({@link OwnKeys}), and opens a while longer ({@link PeerKeys}).
 * <p>
 * <b>Limits.</b> Whoever took a node's memory, not only its identity, can play that node until its next rekey. A
 * receiver that restarted can be shown a peer's older offer that has not expired yet; nobody but its maker can use it.
 * Sites of more than 65 nodes have no sessions: authenticators would not fit a datagram.
 */
public final class Handshake implements SessionKeys
{
    private static final int SENT_PER_TICK_MAX = 4;
    private static final long ASK_MIN_NS = 500_000_000L;
    private static final long ASK_MAX_NS = 60_000_000_000L;

    private final HandshakeConfig config;
    private final OwnKeys own;
    private final OfferSchedule schedule = new OfferSchedule();
    private final OfferGate gate;
    private final GroupSession session;
    private final long[] counts = new long[SessionCounter.values().length];
    private Peer[] peers = new Peer[0];
    private boolean isTooLarge;
    private int nextPeer;
    private long askNs;
    private long askIntervalNs = ASK_MIN_NS;

    /**
     * A handshake that begins with the first {@link #onTick}.
     *
     * @param config of this node.
     * @param nowNs  monotonic.
     */
    public Handshake(final HandshakeConfig config, final long nowNs)
    {
        this.config = config;
        this.own = new OwnKeys(config);
        this.gate = new OfferGate(new Cookies(config.random()), nowNs);
        this.session = new GroupSession(config.nodeId());
        this.askNs = nowNs;
        meet(config.roster(), nowNs, 0);
    }

    @Override
    public void onMessage(
        final byte[] message,
        final int offset,
        final int length,
        final int origin,
        final long nowNs,
        final long nowEpochNs)
    {
        if (!SessionFrame.isHandshake(message, offset, length))
        {
            tally(SessionCounter.REFUSED_MALFORMED);
            return;
        }
        final int from = SessionFrame.nodeId(message, offset);
        if (from == config.nodeId() || isTooLarge || null == own.offer())
        {
            return;
        }
        final Peer peer = peer(from);
        if (null == peer)
        {
            tally(SessionCounter.REFUSED_UNKNOWN_SENDER);
            return;
        }
        switch (message[offset])
        {
            case SessionFrame.OFFER:
                onOffer(OfferFragment.wrap(message, offset, length), peer, origin, nowNs, nowEpochNs);
                break;
            case SessionFrame.REQUEST:
                onRequest(message, offset, length, peer, nowNs);
                break;
            default:
                onPairMessage(PairMessage.of(message, offset, length), peer, origin, nowNs);
                break;
        }
    }

    @Override
    public void onHeard(final int nodeId, final long nowNs)
    {
        final Peer peer = peer(nodeId);
        if (null != peer && null != own.offer())
        {
            peer.onHeard(nowNs);
        }
    }

    @Override
    public void onRoster(final Roster roster, final long nowNs, final long nowEpochNs)
    {
        final boolean hasLost = meet(roster, nowNs, nowEpochNs);
        if (hasLost && null != own.offer())
        {
            renew(OwnKeys.SWITCH_AFTER_LEAVE_NS, nowNs, nowEpochNs);
        }
    }

    @Override
    public int onTick(final Outlet outlet, final long nowNs, final long nowEpochNs)
    {
        if (isTooLarge || 0 == peers.length)
        {
            return 0;
        }
        if (own.isRenewalDue(nowNs))
        {
            renew(OwnKeys.SWITCH_NS, nowNs, nowEpochNs);
        }
        if (own.trySwitch(nowNs))
        {
            session.senderKey(own.current());
        }

        int sent = schedule.trySend(outlet, nowNs) ? 1 : 0;
        sent += askAll(outlet, nowNs);
        for (int i = 0; i < peers.length; i++)
        {
            nextPeer = nextPeer + 1 < peers.length ? nextPeer + 1 : 0;
            final Peer peer = peers[nextPeer];
            if (null != peer)
            {
                peer.onTick(nowNs);
                sent += sent < SENT_PER_TICK_MAX && peer.trySend(outlet, nowNs) ? 1 : 0;
            }
        }
        return sent;
    }

    @Override
    public Session session()
    {
        return session;
    }

    @Override
    public boolean canHear(final int nodeId)
    {
        final Peer peer = peer(nodeId);
        return null != peer && !peer.keys().isEmpty();
    }

    @Override
    public long count(final SessionCounter counter)
    {
        return SessionCounter.REFUSED_REASSEMBLY == counter ? gate.abandoned() : counts[counter.ordinal()];
    }

    @Override
    public void close()
    {
        for (final Peer peer : peers)
        {
            if (null != peer)
            {
                peer.forget();
            }
        }
        own.destroy();
    }

    private void onOffer(
        final OfferFragment fragment, final Peer peer, final int origin, final long nowNs, final long nowEpochNs)
    {
        if (null == fragment)
        {
            tally(SessionCounter.REFUSED_MALFORMED);
            return;
        }
        peer.onHeard(nowNs);
        if (0 != fragment.to() && fragment.to() != config.nodeId())
        {
            return;
        }
        final Offer offer = gate.admit(fragment, peer, config.roster().site(), origin, nowNs, nowEpochNs);
        if (null != offer)
        {
            peer.onOffer(offer, origin, nowNs, nowEpochNs);
            schedule.onProgress();
        }
        else
        {
            tally(gate.refused());
        }
    }

    private void onRequest(
        final byte[] message, final int offset, final int length, final Peer peer, final long nowNs)
    {
        if (OfferRequest.LENGTH != length)
        {
            tally(SessionCounter.REFUSED_MALFORMED);
            return;
        }
        peer.onHeard(nowNs);
        final int to = OfferRequest.to(message, offset);
        if ((0 == to || to == config.nodeId()) && !OfferRequest.isKnown(message, offset, own.offer()))
        {
            schedule.onAsked(peer.node().id(), OfferRequest.cookie(message, offset));
        }
    }

    private void onPairMessage(final PairMessage message, final Peer peer, final int origin, final long nowNs)
    {
        if (null == message)
        {
            tally(SessionCounter.REFUSED_MALFORMED);
            return;
        }
        peer.onHeard(nowNs);
        if (message.to() != config.nodeId())
        {
            return;
        }
        if (!message.isFor(own.offer()))
        {
            schedule.onAsked(peer.node().id(), null);
        }
        final SessionCounter outcome = peer.onMessage(message, origin, nowNs);
        if (SessionCounter.AGREED == outcome)
        {
            schedule.onProgress();
        }
        tally(outcome);
    }

    private int askAll(final Outlet outlet, final long nowNs)
    {
        if (askNs - nowNs > 0)
        {
            return 0;
        }
        boolean isAnyMissing = false;
        for (final Peer peer : peers)
        {
            isAnyMissing |= null != peer && null == peer.offer();
        }
        final byte[] request = OfferRequest.write(config.nodeId(), 0, null, null);
        if (isAnyMissing && !outlet.offer(request, 0, request.length))
        {
            return 0;
        }
        askNs = nowNs + askIntervalNs;
        askIntervalNs = Math.min(ASK_MAX_NS, 2 * askIntervalNs);
        return isAnyMissing ? 1 : 0;
    }

    private void renew(final long patienceNs, final long nowNs, final long nowEpochNs)
    {
        own.renew(patienceNs, nowNs, nowEpochNs);
        session.senderKey(own.current());
        schedule.onRenewal(own.fragments(), nowNs);
        tally(SessionCounter.REKEYS);
        for (final Peer peer : peers)
        {
            if (null != peer)
            {
                peer.onOwnRenewal(nowNs);
            }
        }
    }

    /** Go by another roster; true if somebody who may hold a key is no longer in it. */
    private boolean meet(final Roster roster, final long nowNs, final long nowEpochNs)
    {
        config.roster(roster);
        final Map<HybridPublicKey, Peer> before = new HashMap<>();
        for (final Peer peer : peers)
        {
            if (null != peer)
            {
                before.put(peer.node().identity(), peer);
            }
        }

        isTooLarge = roster.nodes().size() - 1 > Session.PEERS_MAX;
        peers = new Peer[isTooLarge ? 0 : roster.nodes().size()];
        final PeerKeys[] keysByPlace = new PeerKeys[roster.nodes().size()];
        for (int place = 0; place < peers.length; place++)
        {
            final Roster.Node node = roster.nodes().get(place);
            if (node.id() != config.nodeId())
            {
                final Peer known = before.get(node.identity());
                if (null == known || known.node().id() != node.id())
                {
                    peers[place] = new Peer(node, config, own, nowNs);
                }
                else
                {
                    before.remove(node.identity());
                    known.node(node, nowNs, nowEpochNs);
                    peers[place] = known;
                }
                keysByPlace[place] = peers[place].keys();
            }
        }
        session.peers(roster, keysByPlace);
        before.values().forEach(Peer::forget);
        nextPeer = 0;
        askNs = nowNs;
        askIntervalNs = ASK_MIN_NS;
        return !before.isEmpty();
    }

    private Peer peer(final int nodeId)
    {
        final int place = config.roster().indexOf(nodeId);
        return place < 0 || place >= peers.length ? null : peers[place];
    }

    private void tally(final SessionCounter counter)
    {
        if (null != counter)
        {
            counts[counter.ordinal()]++;
        }
    }
}
