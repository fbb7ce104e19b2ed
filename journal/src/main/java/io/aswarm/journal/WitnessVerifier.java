package io.aswarm.journal;

/**
 * Knows the form of witnesses' deposits, which the journal does not.
 */
@FunctionalInterface
public interface WitnessVerifier
{
    /**
     * Verify one deposit.
     *
     * @param deposit any bytes.
     * @return what it is; never null, nothing is thrown.
     */
    WitnessVerdict verify(byte[] deposit);
}
