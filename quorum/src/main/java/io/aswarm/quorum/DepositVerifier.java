package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.trust.Roster;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Verifies a deposit long after it was sent, as evidence in a certificate: its form, its sender and its signature.
 * Freshness is not asked for, but that the sender was in its time when it sent. Any bytes may be given; none make it
 * throw.
 */
public final class DepositVerifier
{
    /**
     * What was found.
     *
     * @param verdict ACCEPTED, MALFORMED, UNKNOWN_SENDER, EXPIRED or BAD_SIGNATURE.
     * @param deposit what it states, also where the signature is bad; null when it is malformed.
     */
    public record Result(Verdict verdict, Deposit deposit)
    {
        /**
         * Is it authentic?
         *
         * @return true if the named node of the roster signed exactly these bytes.
         */
        public boolean isAuthentic()
        {
            return Verdict.ACCEPTED == verdict;
        }
    }

    private DepositVerifier()
    {
    }

    /**
     * Verify a deposit.
     *
     * @param deposit the signed bytes as they were on the wire.
     * @param roster  of the site and the time at which it was sent.
     * @return what was found.
     */
    public static Result verify(final byte[] deposit, final Roster roster)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(deposit);
        if (deposit.length != DepositDescriptor.LENGTH ||
            !DepositDescriptor.isWhole(new MessageHeaderDecoder(), buffer, 0, deposit.length))
        {
            return new Result(Verdict.MALFORMED, null);
        }
        final DepositDecoder decoder = new DepositDecoder().wrap(
            buffer, MessageHeaderDecoder.ENCODED_LENGTH, DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
        if (!DepositDescriptor.isPossible(decoder))
        {
            return new Result(Verdict.MALFORMED, null);
        }

        final Deposit stated = Deposit.of(buffer, 0);
        final Roster.Node node = roster.node(stated.nodeId());
        if (null == node)
        {
            return new Result(Verdict.UNKNOWN_SENDER, stated);
        }
        if (!node.validity().includes(stated.sentEpochNs()))
        {
            return new Result(Verdict.EXPIRED, stated);
        }
        final boolean isAuthentic = new Seal(roster.site()).verify(buffer, 0, deposit.length, node.publicKey());
        return new Result(isAuthentic ? Verdict.ACCEPTED : Verdict.BAD_SIGNATURE, stated);
    }
}
