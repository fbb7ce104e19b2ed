package io.aswarm.journal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Instants as RFC 3339 text, with exactly as many decimals as asked for.
 */
final class Rfc3339
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final DateTimeFormatter NANOS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter BASIC =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Rfc3339()
    {
    }

    static String nanos(final long epochNs)
    {
        return NANOS.format(instant(epochNs));
    }

    /** RFC 5424 section 6.2.3 allows no more than six decimals. */
    static String micros(final long epochNs)
    {
        return MICROS.format(instant(epochNs));
    }

    static String basic(final long epochNs)
    {
        return BASIC.format(instant(epochNs));
    }

    /**
     * Parse a date-time with an offset.
     *
     * @param text as in RFC 3339.
     * @return nanoseconds since the epoch.
     * @throws DateTimeException when it is none, or beyond what 64 bits hold.
     */
    static long parse(final String text)
    {
        final Instant instant = OffsetDateTime.parse(text).toInstant();
        try
        {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NS_PER_SECOND), instant.getNano());
        }
        catch (final ArithmeticException ex)
        {
            throw new DateTimeException(text + " is beyond the years that 64 bits of nanoseconds hold", ex);
        }
    }

    private static Instant instant(final long epochNs)
    {
        return Instant.ofEpochSecond(Math.floorDiv(epochNs, NS_PER_SECOND), Math.floorMod(epochNs, NS_PER_SECOND));
    }
}
