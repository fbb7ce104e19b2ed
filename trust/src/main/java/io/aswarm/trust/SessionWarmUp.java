package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Rehearses sessions between two nodes that exist in memory only, with keys drawn for it, so that a node's first
 * handshake and first datagrams do not pay for loading and compiling what they need: a first ML-DSA signature costs up
 * to 18 ms, a later one 0.3.
 */
public final class SessionWarmUp
{
    private static final int ROUNDS = 20;
    private static final int DATAGRAMS = 400;
    private static final int STEPS = 40;
    private static final long STEP_NS = 1_000_000_000L;

    private SessionWarmUp()
    {
    }

    /**
     * Rehearse for a bounded time.
     *
     * @param timeMaxNs after which no other round is begun.
     * @param nanoClock monotonic.
     * @return datagrams that were opened.
     */
    public static int run(final long timeMaxNs, final LongSupplier nanoClock)
    {
        final long startNs = nanoClock.getAsLong();
        int opened = 0;
        for (int round = 0; round < ROUNDS && nanoClock.getAsLong() - startNs <= timeMaxNs; round++)
        {
            opened += rehearse();
        }
        return opened;
    }

    private static int rehearse()
    {
        final SecureRandom random = new SecureRandom();
        final List<HybridSigner> signers = new ArrayList<>();
        final List<Roster.Node> nodes = new ArrayList<>();
        for (int id = 1; id <= 2; id++)
        {
            final byte[] seed = new byte[32];
            random.nextBytes(seed);
            final HybridSigner signer = new HybridSigner(
                new Signer(new Ed25519PrivateKeyParameters(seed, 0)), MlDsa65.privateKey(seed), random);
            signers.add(signer);
            nodes.add(new Roster.Node(id, "node-" + id, signer.publicKey()));
        }
        final Roster roster = new Roster("warm-up", nodes, List.of());
        try (Handshake one = new Handshake(new HandshakeConfig(roster, 1, signers.get(0), 1), 0);
            Handshake two = new Handshake(new HandshakeConfig(roster, 2, signers.get(1), 1), 0))
        {
            for (int step = 1; step < STEPS && (0 == one.session().reach() || !two.canHear(1)); step++)
            {
                final long nowNs = step * STEP_NS;
                one.onTick(outletTo(two, nowNs), nowNs, nowNs);
                two.onTick(outletTo(one, nowNs), nowNs, nowNs);
            }
            return talk(one.session(), two.session());
        }
    }

    private static SessionKeys.Outlet outletTo(final Handshake other, final long nowNs)
    {
        return (message, offset, length) ->
        {
            other.onMessage(message, offset, length, 0, nowNs, nowNs);
            return true;
        };
    }

    private static int talk(final Session from, final Session to)
    {
        final byte[] message = new byte[120];
        final byte[] datagram = new byte[message.length + from.overhead()];
        final byte[] back = new byte[datagram.length];
        int opened = 0;
        for (int i = 0; i < DATAGRAMS; i++)
        {
            final int length = from.seal(message, 0, message.length, datagram, 0);
            opened += length > 0 && to.open(datagram, 0, length, back, 0) > 0 ? 1 : 0;
        }
        return opened;
    }
}
