package io.aswarm.journal;

/**
 * What can be wrong with a certificate. The codes are stable: 1xx reading, 2xx envelope and signatures, 3xx content,
 * 4xx whether it holds together, 5xx witnesses and evidence, 6xx certificates taken together.
 */
public enum FaultCode
{
    UNREADABLE(101, "the file cannot be read"),
    NOT_UTF8(102, "the bytes are not UTF-8"),
    NOT_JSON(103, "the text is not well-formed JSON"),
    DUPLICATE_KEY(104, "a key is given twice, so that readers may differ on what it says"),
    NOT_A_CERTIFICATE(105, "the document is neither an envelope, nor a statement, nor a certificate"),

    NOT_AN_ENVELOPE(201, "the document is not a DSSE envelope of payload, payloadType and signatures"),
    ENVELOPE_NOT_CANONICAL(202, "the envelope is not in canonical form (RFC 8785), so its hash means nothing"),
    WRONG_PAYLOAD_TYPE(203, "the payload is of another type than an in-toto statement"),
    PAYLOAD_NOT_BASE64(204, "the payload is not base64 in its one canonical form"),
    PAYLOAD_NOT_JSON(205, "the payload is not well-formed JSON"),
    PAYLOAD_NOT_CANONICAL(206, "the payload is not in canonical form (RFC 8785)"),
    UNSIGNED(207, "nobody signed it"),
    UNKNOWN_SIGNER(208, "the signing key is not in the roster"),
    SIGNATURE_NOT_BASE64(209, "a signature is not base64 in its one canonical form"),
    SIGNATURE_LENGTH(210, "a signature has not 64 bytes"),
    BAD_SIGNATURE(211, "a signature does not verify: the content was changed, or another key signed it"),
    REQUIRED_SIGNATURE_MISSING(212, "a signature that the certificate itself demands is missing"),
    SIGNER_IS_NOT_THE_NODE(213, "the signing key is not that of the node which the certificate names"),

    NOT_A_STATEMENT(301, "the payload is not an in-toto statement v1"),
    WRONG_PREDICATE_TYPE(302, "the predicate is not an action certificate v1"),
    SUBJECT_WITHOUT_DIGEST(303, "the statement has no subject, or one without a SHA-256 digest"),
    SUBJECT_DIGEST_MISMATCH(304, "a subject's digest is not that of what the certificate contains"),
    MISSING_FIELD(305, "a required field is missing"),
    ILL_TYPED_FIELD(306, "a field is not of its type"),
    BAD_TIMESTAMP(307, "a timestamp is not a date and time of RFC 3339"),
    UNKNOWN_KIND(308, "the kind of certificate is not known"),
    UNKNOWN_TIER(309, "the tier of enforcement is not known"),
    FOREIGN_SITE(310, "the certificate is of another site than the roster"),

    RUN_ID_MISSING(401, "no run id ties the certificate to its elevation"),
    RUN_ID_MISMATCH(402, "the run id is not the same throughout"),
    ASSET_NOT_IN_EVIDENCE(403, "the asset acted upon is not among the evidence"),
    ELEVATION_BEFORE_ANOMALY(404, "the elevation is before the anomaly it answers"),
    ACTUATION_BEFORE_ELEVATION(405, "the act began before the elevation that should have caused it"),
    EFFECT_BEFORE_ACTUATION(406, "the effect is before the act"),
    EFFECT_NOT_PROVEN(407, "an effect is claimed, and no recorded probe that passed shows it"),
    PROBE_CONTRADICTS(408, "a probe says that it passed, and observed something else than it expected, or the reverse"),
    TTL_MISSING(409, "a containment has no time to live"),
    RING_NOT_PERMITTED(410, "the ring is not one in which acts may run without a person's approval"),
    STALE_ELEVATION(411, "the act came too long after its elevation to be an answer to it"),
    NOT_ELEVATED(412, "the context says that nothing was elevated"),

    NO_WITNESS(501, "no witness stands behind the elevation"),
    TOO_FEW_WITNESSES(502, "there are fewer witnesses than were required"),
    DUPLICATE_WITNESS(503, "a witness is counted twice"),
    WITNESS_UNKNOWN(504, "a witness is not in the roster"),
    WITNESS_SIGNATURE_INVALID(505, "a witness's deposit does not verify"),
    WITNESS_WITHOUT_DEPOSIT(506, "a witness is named without its signed deposit"),
    WITNESS_DISAGREES(507, "a witness's signed deposit says something else than the certificate says of it"),
    EVIDENCE_BELOW_THRESHOLD(508, "the evidence does not reach the threshold"),
    EVIDENCE_OVERSTATED(509, "more evidence is counted than was stated"),

    CERTIFICATE_ID_TWICE(601, "two certificates have the same id"),
    ELEVATION_USED_TWICE(602, "one elevation justifies two acts"),
    REVERT_WITHOUT_CONTAINMENT(603, "a revert has no containment before it"),
    REVERTED_TWICE(604, "a containment is reverted twice"),
    CHAIN_BROKEN(605, "the certificate does not carry the hash of the one before it"),
    SEQUENCE_GAP(606, "certificates are missing from the chain"),
    SEQUENCE_TWICE(607, "two certificates have the same place in the chain");

    private final int number;
    private final String sentence;

    FaultCode(final int number, final String sentence)
    {
        this.number = number;
        this.sentence = sentence;
    }

    /**
     * The code's number.
     *
     * @return 101 to 699.
     */
    public int number()
    {
        return number;
    }

    /**
     * The code as people quote it.
     *
     * @return {@code AC-} and the number.
     */
    public String code()
    {
        return "AC-" + number;
    }

    /**
     * What is wrong, in one sentence.
     *
     * @return lower case, without a full stop.
     */
    public String sentence()
    {
        return sentence;
    }
}
