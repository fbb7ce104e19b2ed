package io.aswarm.quorum;

import io.aswarm.trust.PublicKey;
import io.aswarm.trust.Signer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Signs and verifies mesh messages: Ed25519 over {@code "aswarm/mesh/v1" || 0x00 || site || 0x00 || message without its
 * signature}. The context keeps a signature from being anything but a mesh message of this site; the message's header,
 * which is covered, keeps one kind of message from being another. Not thread-safe.
 */
final class Seal
{
    private static final String CONTEXT = "aswarm/mesh/v1";

    private final SignatureCheck check;
    private final int prefixLength;
    private final byte[] message;
    private final byte[] signature = new byte[Signer.SIGNATURE_LENGTH];

    Seal(final String site)
    {
        this(site, PublicKey::verify);
    }

    Seal(final String site, final SignatureCheck check)
    {
        this.check = check;
        final byte[] prefix = (CONTEXT + '\0' + site + '\0').getBytes(StandardCharsets.UTF_8);
        prefixLength = prefix.length;
        message = new byte[prefixLength + DepositDescriptor.LENGTH];
        System.arraycopy(prefix, 0, message, 0, prefixLength);
    }

    /** Sign the bytes before the last 64 of a message and put the signature there. */
    void sign(final MutableDirectBuffer buffer, final int offset, final int length, final Signer signer)
    {
        final int signedLength = length - Signer.SIGNATURE_LENGTH;
        buffer.getBytes(offset, message, prefixLength, signedLength);
        buffer.putBytes(offset + signedLength, signer.sign(message, 0, prefixLength + signedLength));
    }

    boolean verify(final DirectBuffer buffer, final int offset, final int length, final PublicKey key)
    {
        final int signedLength = length - Signer.SIGNATURE_LENGTH;
        buffer.getBytes(offset, message, prefixLength, signedLength);
        buffer.getBytes(offset + signedLength, signature);
        return check.verify(key, message, 0, prefixLength + signedLength, signature);
    }
}
