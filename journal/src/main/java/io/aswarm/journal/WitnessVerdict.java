package io.aswarm.journal;

import java.util.List;

/**
 * What a witness's signed deposit turned out to be.
 *
 * @param status       of the signature.
 * @param reason       why it was not accepted; empty otherwise.
 * @param nodeId       who signed it.
 * @param name         of that node in the roster.
 * @param subject      it is about, address as text in the form that certificates use.
 * @param patterns     that an elevation on such deposits may be called; empty where that is not compared.
 * @param evidenceNats it states.
 * @param asideSubject  a second subject that it is evidence about: the aim of a source; empty for none.
 * @param sharedAim     the aim in the form of certificates where it is evidence about every subject with that aim: the
 *                      hash of a program; empty for none.
 */
public record WitnessVerdict(
    Status status,
    String reason,
    int nodeId,
    String name,
    String subject,
    List<String> patterns,
    double evidenceNats,
    String asideSubject,
    String sharedAim)
{
    /**
     * A verdict on a deposit that is evidence about its subject only.
     *
     * @param status       of the signature.
     * @param reason       why it was not accepted; empty otherwise.
     * @param nodeId       who signed it.
     * @param name         of that node in the roster.
     * @param subject      it is about.
     * @param patterns     that an elevation on such deposits may be called.
     * @param evidenceNats it states.
     */
    public WitnessVerdict(
        final Status status,
        final String reason,
        final int nodeId,
        final String name,
        final String subject,
        final List<String> patterns,
        final double evidenceNats)
    {
        this(status, reason, nodeId, name, subject, patterns, evidenceNats, "", "");
    }

    /** Whether a deposit can be believed. */
    public enum Status
    {
        /** Signed by a node of the roster. */
        ACCEPTED,
        /** Signed by nobody whom the roster knows. */
        UNKNOWN,
        /** Malformed, or the signature does not verify. */
        INVALID
    }

    /**
     * A deposit that cannot be believed.
     *
     * @param status why not.
     * @param reason in words.
     * @return the verdict.
     */
    public static WitnessVerdict refused(final Status status, final String reason)
    {
        return new WitnessVerdict(status, reason, 0, "", "", List.of(), 0);
    }
}
