package io.aswarm.twinlab;

import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.Roster;
import io.aswarm.trust.Session;
import io.aswarm.trust.SessionCounter;
import io.aswarm.trust.SessionKeys;
import io.aswarm.trust.Signer;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The shipped handshake and sessions of one simulated node, with randomness of the plan's seed. What is opened is noted
 * on the way, for a judge who holds no keys. One thread.
 */
final class MeshSessions implements SessionKeys, Session
{
    /** Bytes from the simulation's own generator: predictable, so that a seed repeats itself. */
    private static final class SeededRandom extends SecureRandom
    {
        private static final long serialVersionUID = 1L;

        private final transient MeshRandom random;

        private SeededRandom(final MeshRandom random)
        {
            this.random = random;
        }

        @Override
        public void nextBytes(final byte[] bytes)
        {
            for (int i = 0; i < bytes.length; i++)
            {
                bytes[i] = (byte)random.nextLong();
            }
        }
    }

    private final Handshake handshake;
    private final Session session;
    private byte[] opened;

    MeshSessions(
        final Roster roster,
        final int nodeId,
        final Signer signer,
        final long bootEpoch,
        final long rekeyNs,
        final MeshRandom random,
        final long nowNs)
    {
        handshake = new Handshake(
            new HandshakeConfig(roster, nodeId, HybridSigner.of(signer), bootEpoch).rekeyIntervalNs(rekeyNs)
                .random(new SeededRandom(random)), nowNs);
        session = handshake.session();
    }

    /** The message opened last, with room for a signature, or null when none was since it was asked for. */
    byte[] takeOpened()
    {
        final byte[] result = opened;
        opened = null;
        return result;
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
        handshake.onMessage(message, offset, length, origin, nowNs, nowEpochNs);
    }

    @Override
    public void onHeard(final int nodeId, final long nowNs)
    {
        handshake.onHeard(nodeId, nowNs);
    }

    @Override
    public void onRoster(final Roster roster, final long nowNs, final long nowEpochNs)
    {
        handshake.onRoster(roster, nowNs, nowEpochNs);
    }

    @Override
    public int onTick(final Outlet outlet, final long nowNs, final long nowEpochNs)
    {
        return handshake.onTick(outlet, nowNs, nowEpochNs);
    }

    @Override
    public Session session()
    {
        return this;
    }

    @Override
    public boolean canHear(final int nodeId)
    {
        return handshake.canHear(nodeId);
    }

    @Override
    public long count(final SessionCounter counter)
    {
        return handshake.count(counter);
    }

    @Override
    public void close()
    {
        handshake.close();
    }

    @Override
    public int reach()
    {
        return session.reach();
    }

    @Override
    public boolean reaches(final int nodeId)
    {
        return session.reaches(nodeId);
    }

    @Override
    public int overhead()
    {
        return session.overhead();
    }

    @Override
    public int seal(
        final byte[] message, final int offset, final int length, final byte[] datagram, final int datagramOffset)
    {
        return session.seal(message, offset, length, datagram, datagramOffset);
    }

    @Override
    public long sequence()
    {
        return session.sequence();
    }

    @Override
    public int open(
        final byte[] datagram, final int offset, final int length, final byte[] message, final int messageOffset)
    {
        final int result = session.open(datagram, offset, length, message, messageOffset);
        opened = result < 0 ? null :
            Arrays.copyOf(Arrays.copyOfRange(message, messageOffset, messageOffset + result),
                result + Signer.SIGNATURE_LENGTH);
        return result;
    }

    @Override
    public int senderId()
    {
        return session.senderId();
    }

    @Override
    public long senderBootEpoch()
    {
        return session.senderBootEpoch();
    }

    @Override
    public long senderSequence()
    {
        return session.senderSequence();
    }
}
