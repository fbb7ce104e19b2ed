package io.aswarm.actuator;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One measurement: what was expected and what was seen.
 *
 * @param name       of the probe.
 * @param expected   observation.
 * @param observed   what the kernel answered: the XDP action's name, a state, or the error.
 * @param passed     true if it is what was expected.
 * @param atNs       start of the measurement, CLOCK_MONOTONIC.
 * @param durationNs of the measurement.
 */
public record Probe(String name, String expected, String observed, boolean passed, long atNs, long durationNs)
{
    /**
     * When the observation was complete.
     *
     * @return end of the measurement, CLOCK_MONOTONIC nanoseconds.
     */
    public long endedNs()
    {
        return atNs + durationNs;
    }

    /** When the last of several was complete; {@code fallbackNs} where there is none. */
    static long endNs(final List<Probe> probes, final long fallbackNs)
    {
        return probes.isEmpty() ? fallbackNs : probes.get(probes.size() - 1).endedNs();
    }

    /** Whether each saw what was expected. */
    static boolean allPassed(final List<Probe> probes)
    {
        for (final Probe probe : probes)
        {
            if (!probe.passed())
            {
                return false;
            }
        }
        return true;
    }

    /** Those that did not see what was expected, in words. */
    static String failures(final List<Probe> probes)
    {
        return probes.stream()
            .filter((probe) -> !probe.passed())
            .map((probe) -> probe.name() + " expected " + probe.expected() + " and observed " + probe.observed())
            .collect(Collectors.joining(", "));
    }
}
