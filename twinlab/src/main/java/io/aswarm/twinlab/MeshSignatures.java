package io.aswarm.twinlab;

import io.aswarm.quorum.DepositVerifier;
import io.aswarm.trust.PublicKey;
import io.aswarm.trust.Roster;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the bytes of a datagram say and whether their signature verifies, worked out once for all nodes that receive
 * them, by the product's own verifier. One thread.
 */
final class MeshSignatures
{
    private record Check(PublicKey key, ByteBuffer message, ByteBuffer signature)
    {
    }

    private final Roster roster;
    private final Map<Check, Boolean> checks = new HashMap<>();
    private final Map<ByteBuffer, DepositVerifier.Result> results = new HashMap<>();

    MeshSignatures(final Roster roster)
    {
        this.roster = roster;
    }

    DepositVerifier.Result read(final byte[] deposit)
    {
        return results.computeIfAbsent(
            ByteBuffer.wrap(deposit), (bytes) -> DepositVerifier.verify(bytes.array(), roster));
    }

    /**
     * Check of a message, by the key of the node that it names.
     *
     * @param datagram being read, or null when a signed form is checked that was put aside before.
     */
    boolean isSigned(
        final MeshDatagram datagram,
        final PublicKey key,
        final byte[] message,
        final int offset,
        final int length,
        final byte[] signature)
    {
        if (null == datagram)
        {
            return checks.computeIfAbsent(new Check(key, ByteBuffer.wrap(Arrays.copyOfRange(
                message, offset, offset + length)), ByteBuffer.wrap(signature.clone())), (ignore) ->
                key.verify(message, offset, length, signature));
        }
        if (null == datagram.isSigned())
        {
            final DepositVerifier.Result result = read(datagram.bytes);
            // what is no deposit may be another message
            datagram.isSigned(null == result.deposit() ? key.verify(message, offset, length, signature) :
                result.isAuthentic());
        }
        return datagram.isSigned();
    }
}
