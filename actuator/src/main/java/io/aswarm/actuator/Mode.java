package io.aswarm.actuator;

import java.util.Arrays;

/**
 * What the kernel does with the packets that a rule describes, by strictness. All but {@link #DROP} leave something
 * through, and name what.
 */
public enum Mode
{
    /** New openings beyond a bucket are dropped, unless the frame is bound to the on-link neighbour of its source. */
    GUARD("guard", 1),
    /** New openings beyond a bucket are dropped; packets of established conversations pass. */
    OPENINGS("openings", 1),
    /** Packets beyond a bucket are dropped, those of established conversations too. */
    RATE_LIMIT("rate_limit", 2),
    /** Every packet is dropped. */
    DROP("drop", 3);

    private final String label;
    private final int strictness;

    Mode(final String label, final int strictness)
    {
        this.label = label;
        this.strictness = strictness;
    }

    /**
     * Name of the mode in catalogs, outcomes and certificates.
     *
     * @return the name.
     */
    public String label()
    {
        return label;
    }

    /** Does it need a rate and a burst? */
    boolean isLimit()
    {
        return DROP != this;
    }

    boolean isAtLeastAsStrictAs(final Mode other)
    {
        return strictness >= other.strictness;
    }

    static Mode ofLabel(final String label)
    {
        return Arrays.stream(values()).filter((mode) -> mode.label.equals(label)).findFirst().orElseThrow();
    }
}
