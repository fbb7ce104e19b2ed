package io.aswarm.trust;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as documents write them: a whole number with its unit, {@code 250us}, {@code 10ms}, {@code 30s}. */
final class DurationText
{
    /** What {@link #parseNs} gives for anything that is no duration, or is longer than 292 years. */
    static final long NONE = -1;

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ns|us|ms|s|m|h)");
    private static final List<String> UNITS = List.of("h", "m", "s", "ms", "us", "ns");

    private DurationText()
    {
    }

    /** Nanoseconds, or {@link #NONE}. */
    static long parseNs(final String text)
    {
        final Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches())
        {
            return NONE;
        }
        final long count = Long.parseLong(matcher.group(1));
        final long unitNs = unitNs(matcher.group(2));
        return count <= Long.MAX_VALUE / unitNs ? count * unitNs : NONE;
    }

    /** In the largest unit of which it is a whole number. */
    static String of(final long durationNs)
    {
        final String unit = UNITS.stream()
            .filter((each) -> durationNs >= unitNs(each) && 0 == durationNs % unitNs(each)).findFirst().orElse("ns");
        return durationNs / unitNs(unit) + unit;
    }

    private static long unitNs(final String unit)
    {
        switch (unit)
        {
            case "us":
                return 1_000L;
            case "ms":
                return 1_000_000L;
            case "s":
                return 1_000_000_000L;
            case "m":
                return 60_000_000_000L;
            case "h":
                return 3_600_000_000_000L;
            default:
                return 1L;
        }
    }
}
