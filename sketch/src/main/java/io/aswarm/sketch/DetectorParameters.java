package io.aswarm.sketch;

import java.util.Arrays;

/**
 * A value for each {@link DetectorParameter}. Immutable; every value is within its range, and those that must be in an
 * order are.
 */
public final class DetectorParameters
{
    /** Each detector as it is described. */
    public static final DetectorParameters STANDARD = new DetectorParameters(
        Arrays.stream(DetectorParameter.values()).mapToDouble(DetectorParameter::standard).toArray());

    /** The first of each pair stays below the second: hypotheses that cannot be told apart are none. */
    private static final DetectorParameter[][] ORDERED = {
        {DetectorParameter.SCAN_OTHERS_SCANNER, DetectorParameter.SCAN_OTHERS_BENIGN},
        {DetectorParameter.SCAN_SCANNER_ANSWERED, DetectorParameter.SCAN_DATAGRAM_BENIGN},
        {DetectorParameter.SCAN_SCANNER_ANSWERED, DetectorParameter.SCAN_NEIGHBOUR_BENIGN},
        {DetectorParameter.FLOOD_DATAGRAMS_BENIGN, DetectorParameter.FLOOD_DATAGRAMS_ATTACK},
        {DetectorParameter.FLOOD_STRANGER_BENIGN, DetectorParameter.FLOOD_STRANGER_ATTACK},
        {DetectorParameter.FLOOD_REFUSED_BENIGN, DetectorParameter.FLOOD_REFUSED_ATTACK},
        {DetectorParameter.FLOOD_BARE_BENIGN, DetectorParameter.FLOOD_BARE_ATTACK},
        {DetectorParameter.FLOOD_ECHOES_BENIGN, DetectorParameter.FLOOD_ECHOES_ATTACK},
        {DetectorParameter.DISTRIBUTED_SCANNER, DetectorParameter.DISTRIBUTED_BENIGN},
        {DetectorParameter.SPREAD_HANDSHAKES_BENIGN, DetectorParameter.SPREAD_HANDSHAKES_ATTACK},
        {DetectorParameter.SPREAD_BARE_BENIGN, DetectorParameter.SPREAD_BARE_ATTACK},
        {DetectorParameter.SPREAD_DATAGRAMS_BENIGN, DetectorParameter.SPREAD_DATAGRAMS_ATTACK},
        {DetectorParameter.SPREAD_REFLECTIONS_BENIGN, DetectorParameter.SPREAD_REFLECTIONS_ATTACK},
        {DetectorParameter.SPREAD_RESETS_BENIGN, DetectorParameter.SPREAD_RESETS_ATTACK},
        {DetectorParameter.SPREAD_STRAYS_BENIGN, DetectorParameter.SPREAD_STRAYS_ATTACK},
        {DetectorParameter.SPREAD_FRAGMENTS_BENIGN, DetectorParameter.SPREAD_FRAGMENTS_ATTACK},
        {DetectorParameter.SPREAD_UNANSWERED_BENIGN, DetectorParameter.SPREAD_UNANSWERED_ATTACK},
        {DetectorParameter.BRUTE_BENIGN, DetectorParameter.BRUTE_GUESSING},
        {DetectorParameter.BEACON_REGULAR_BENIGN, DetectorParameter.BEACON_REGULAR},
        {DetectorParameter.BEACON_WITHIN_BENIGN, DetectorParameter.BEACON_WITHIN},
        {DetectorParameter.BEACON_BURST, DetectorParameter.BEACON_PERIOD_MAX},
    };

    private final double[] values;

    private DetectorParameters(final double[] values)
    {
        this.values = values;
    }

    /**
     * A value.
     *
     * @param parameter asked for.
     * @return in its unit.
     */
    public double value(final DetectorParameter parameter)
    {
        return values[parameter.ordinal()];
    }

    int count(final DetectorParameter parameter)
    {
        return (int)value(parameter);
    }

    long ns(final DetectorParameter parameter)
    {
        return (long)value(parameter);
    }

    /** What an observation adds that is so many times likelier under "attack". */
    double logOf(final DetectorParameter parameter)
    {
        return StrictMath.log(value(parameter));
    }

    /**
     * These, but for one.
     *
     * @param parameter to change.
     * @param value     in its unit.
     * @return the new ones.
     * @throws IllegalArgumentException when the value is not in the range, or not whole where it must be.
     */
    public DetectorParameters with(final DetectorParameter parameter, final double value)
    {
        final boolean isWhole = parameter.unit() == DetectorParameter.Unit.COUNT ||
            parameter.unit() == DetectorParameter.Unit.DURATION;
        // Written so that NaN is refused.
        if (!(value >= parameter.least() && value <= parameter.most()) || (isWhole && value != Math.rint(value)))
        {
            throw new IllegalArgumentException(parameter.scenario().label() + ": " + parameter.key() + "=" + value +
                "; allowed: " + (isWhole ? "a whole number from " : "") + parameter.least() + " to " +
                parameter.most());
        }
        final double[] changed = values.clone();
        changed[parameter.ordinal()] = value;
        return new DetectorParameters(changed);
    }

    /**
     * A parameter that is not above the one that it must be above.
     *
     * @return the pair, the lower one first, or null when all are in order.
     */
    public DetectorParameter[] disordered()
    {
        for (final DetectorParameter[] pair : ORDERED)
        {
            if (value(pair[0]) >= value(pair[1]))
            {
                return pair.clone();
            }
        }
        return null;
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof DetectorParameters && Arrays.equals(values, ((DetectorParameters)other).values);
    }

    @Override
    public int hashCode()
    {
        return Arrays.hashCode(values);
    }
}
