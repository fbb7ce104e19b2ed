package io.aswarm.journal;

import io.aswarm.trust.Roster;

import java.util.List;

/**
 * What certificates are verified against.
 *
 * @param roster     of the site, with the keys of its nodes.
 * @param witnesses  that knows the form of deposits.
 * @param freshMaxNs longest time from elevation to act.
 * @param ringMax    highest ring in which acts may run without a person's approval.
 */
public record VerifierConfig(Roster roster, WitnessVerifier witnesses, long freshMaxNs, int ringMax)
{
    /** An act that comes a minute after its elevation answers something else. */
    public static final long FRESH_MAX_NS = 60_000_000_000L;
    /** Ring 2 asks for a person's approval. */
    public static final int RING_MAX = 1;

    /**
     * The usual limits.
     *
     * @param roster    of the site.
     * @param witnesses that knows the form of deposits.
     * @return a configuration with a minute of freshness and ring 1.
     */
    public static VerifierConfig of(final Roster roster, final WitnessVerifier witnesses)
    {
        return new VerifierConfig(roster, witnesses, FRESH_MAX_NS, RING_MAX);
    }

    /**
     * For certificates from elsewhere, of whose signers nothing is known.
     *
     * @return a configuration that knows no keys.
     */
    public static VerifierConfig withoutRoster()
    {
        return of(new Roster("", List.of(), List.of()), (deposit) ->
            WitnessVerdict.refused(WitnessVerdict.Status.UNKNOWN, "no roster was given"));
    }
}
