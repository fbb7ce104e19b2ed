package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.quorum.codec.PresenceDecoder;
import io.aswarm.trust.Signer;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * The shape of messages beyond what the generated codecs know: whole lengths, addresses as two longs, and which content
 * is impossible. Layout version 2, little endian:
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |  SBE header: block length     |  template                     |
 *  +-------------------------------+-------------------------------+
 *  |  schema                       |  version                      |
 *  +-------------------------------+-------------------------------+
 *  |  node id                      |  scenario                     |  8
 *  +-------------------------------+-------------------------------+
 *  |  clock error in microseconds                                  |
 *  +---------------------------------------------------------------+
 *  |  boot epoch (64)                                              |  16
 *  |  sequence (64)                                                |
 *  |  subject (128, network order)                                 |  32
 *  |  evidence in milli-nats (32), count (32)                      |  48
 *  |  distinct hosts (32), distinct ports (16), aim port (16)      |
 *  |  aim address (128, network order)                             |  64
 *  |  first seen, last seen, sent (64 each, epoch ns)              |  80
 *  +---------------+---------------+-------------------------------+
 *  |  subject role |  verification |  Ed25519 signature (512)      |  104
 *  +---------------+---------------+  over all before              |
 *  |                                                               |
 *  +---------------------------------------------------------------+  170
 * </pre>
 */
final class DepositDescriptor
{
    /** Length of a whole deposit. */
    static final int LENGTH = MessageHeaderDecoder.ENCODED_LENGTH + DepositDecoder.BLOCK_LENGTH;
    /** Length of a whole presence. */
    static final int PRESENCE_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH + PresenceDecoder.BLOCK_LENGTH;

    /** Length of what a deposit's signature covers. */
    static final int SIGNED_LENGTH = LENGTH - Signer.SIGNATURE_LENGTH;

    static final int SCENARIO_OFFSET =
        MessageHeaderDecoder.ENCODED_LENGTH + DepositDecoder.scenarioEncodingOffset();
    static final int SUBJECT_OFFSET =
        MessageHeaderDecoder.ENCODED_LENGTH + DepositDecoder.subjectEncodingOffset();
    static final int AIM_OFFSET =
        MessageHeaderDecoder.ENCODED_LENGTH + DepositDecoder.aimEncodingOffset();
    static final int ROLE_OFFSET =
        MessageHeaderDecoder.ENCODED_LENGTH + DepositDecoder.subjectRoleEncodingOffset();

    static
    {
        if (170 != LENGTH || 112 != PRESENCE_LENGTH ||
            LENGTH - Signer.SIGNATURE_LENGTH !=
                MessageHeaderDecoder.ENCODED_LENGTH + DepositDecoder.signatureEncodingOffset() ||
            PRESENCE_LENGTH - Signer.SIGNATURE_LENGTH !=
                MessageHeaderDecoder.ENCODED_LENGTH + PresenceDecoder.signatureEncodingOffset())
        {
            throw new IllegalStateException("aswarm-mesh.xml and its descriptor differ");
        }
    }

    private DepositDescriptor()
    {
    }

    static long high(final DirectBuffer buffer, final int addressOffset)
    {
        return buffer.getLong(addressOffset, ByteOrder.BIG_ENDIAN);
    }

    static long low(final DirectBuffer buffer, final int addressOffset)
    {
        return buffer.getLong(addressOffset + Long.BYTES, ByteOrder.BIG_ENDIAN);
    }

    /** Does the header fit one of the two messages of this version, and the length it? */
    static boolean isWhole(
        final MessageHeaderDecoder header, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length != LENGTH && length != PRESENCE_LENGTH)
        {
            return false;
        }
        header.wrap(buffer, offset);
        return DepositDecoder.SCHEMA_ID == header.schemaId() && DepositDecoder.SCHEMA_VERSION == header.version() &&
            length == MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength() &&
            header.templateId() == (LENGTH == length ? DepositDecoder.TEMPLATE_ID : PresenceDecoder.TEMPLATE_ID);
    }

    /** Could an honest node say this? Times after 2262 are negative and so refused too. */
    static boolean isPossible(final DepositDecoder deposit)
    {
        return 0 != deposit.scenario() && 0 != deposit.evidenceMilliNats() && deposit.firstSeenEpochNs() > 0 &&
            deposit.firstSeenEpochNs() <= deposit.lastSeenEpochNs() &&
            deposit.lastSeenEpochNs() <= deposit.sentEpochNs() &&
            SubjectRole.isPossible(deposit.subjectRole(), deposit.verification());
    }

    /** Was this deposit signed? One of this node's own may be fused before there was budget to send it. */
    static boolean isSealed(final DirectBuffer buffer, final int offset)
    {
        final int signatureOffset = offset + LENGTH - Signer.SIGNATURE_LENGTH;
        for (int i = 0; i < Signer.SIGNATURE_LENGTH; i += Long.BYTES)
        {
            if (0 != buffer.getLong(signatureOffset + i))
            {
                return true;
            }
        }
        return false;
    }

    static boolean isSealed(final byte[] deposit)
    {
        for (int i = SIGNED_LENGTH; i < deposit.length; i++)
        {
            if (0 != deposit[i])
            {
                return true;
            }
        }
        return false;
    }
}
