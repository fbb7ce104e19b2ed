package io.aswarm.sketch;

import java.util.Map;

/**
 * What counts as proof that a source sends what carries its address, for each interface.
 * <p>
 * By default only the binding on the link counts. A completed exchange proves that the address is in use by somebody
 * who receives there, not that the packets held against it are his; accept it where forged addresses cannot come in,
 * for example behind a router that filters by source (RFC 2827).
 */
public final class VerificationConfig
{
    /** Only the link's word counts, everywhere. */
    public static final VerificationConfig LINK_ONLY = new VerificationConfig(Signal.VERIFIED_ON_LINK, Map.of());
    private static final int KNOWN_BITS =
        Signal.VERIFIED_EXCHANGE | Signal.VERIFIED_ON_LINK | Signal.VERIFIED_CHALLENGE;

    private final int standard;
    private final int[] indexes;
    private final int[] acceptedBits;

    /**
     * Choose.
     *
     * @param standard    {@code Signal.VERIFIED_} bits accepted where nothing else is said.
     * @param byInterface bits accepted by interface index.
     * @throws IllegalArgumentException when a bit is not known.
     */
    public VerificationConfig(final int standard, final Map<Integer, Integer> byInterface)
    {
        this.standard = known(standard);
        this.indexes = byInterface.keySet().stream().sorted().mapToInt(Integer::intValue).toArray();
        this.acceptedBits = new int[indexes.length];
        for (int i = 0; i < indexes.length; i++)
        {
            acceptedBits[i] = known(byInterface.get(indexes[i]));
        }
    }

    private static int known(final int bits)
    {
        if ((bits & ~KNOWN_BITS) != 0)
        {
            throw new IllegalArgumentException("verification=" + bits + "; allowed: bits of " + KNOWN_BITS);
        }
        return bits;
    }

    int accepted(final int interfaceIndex)
    {
        for (int i = 0; i < indexes.length; i++)
        {
            if (indexes[i] == interfaceIndex)
            {
                return acceptedBits[i];
            }
        }
        return standard;
    }
}
