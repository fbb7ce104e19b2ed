package io.aswarm.journal;

import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.Signer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * DSSE v1 envelope (secure-systems-lab/dsse protocol.md) around an in-toto Statement v1.
 */
final class Envelope
{
    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    static final String STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
    static final String PREDICATE_TYPE = "https://aswarm.io/attestation/action-certificate/v1";
    /** An entry of a tlog-tiles log has a length of 16 bits, so no certificate may be longer. */
    static final int LENGTH_MAX = 65_535;

    private Envelope()
    {
    }

    /**
     * Pre-authentication encoding: the bytes that are signed.
     *
     * @param payloadType of the payload.
     * @param payload     itself.
     * @return {@code "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body}.
     */
    static byte[] pae(final String payloadType, final byte[] payload)
    {
        final byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        final byte[] head = ("DSSEv1 " + type.length + " " + payloadType + " " + payload.length + " ")
            .getBytes(StandardCharsets.UTF_8);
        final byte[] bytes = new byte[head.length + payload.length];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(payload, 0, bytes, head.length, payload.length);
        return bytes;
    }

    /**
     * Sign a payload.
     *
     * @param payload canonical bytes of a statement.
     * @param signer  whose signature it gets.
     * @return the envelope, itself in canonical form, so that one content has one file.
     */
    static byte[] seal(final byte[] payload, final Signer signer)
    {
        final byte[] message = pae(PAYLOAD_TYPE, payload);
        final Base64.Encoder encoder = Base64.getEncoder();
        final String signature = encoder.encodeToString(signer.sign(message, 0, message.length));
        return CanonicalJson.bytes(Map.of(
            "payload", encoder.encodeToString(payload),
            "payloadType", PAYLOAD_TYPE,
            "signatures", List.of(Map.of("keyid", signer.publicKey().keyId(), "sig", signature))));
    }
}
