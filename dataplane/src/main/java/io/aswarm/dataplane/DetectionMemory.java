package io.aswarm.dataplane;

import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How much memory detection takes at start and never more, in words for the operator.
 */
final class DetectionMemory
{
    private static final double MEBIBYTE = 1 << 20;

    private DetectionMemory()
    {
    }

    /** Of a policy that is running. */
    static String describe(final LocalPolicy policy)
    {
        return String.format(Locale.ROOT, "memory of detection, fixed: %.1f MiB: ", policy.memoryBytes() / MEBIBYTE) +
            policy.memoryParts().entrySet().stream()
            .map((part) -> String.format(Locale.ROOT, "%s %.2f", part.getKey(), part.getValue() / MEBIBYTE))
            .collect(Collectors.joining(", "));
    }

    /** Of a policy that would be started: it is, and ended again, so that nothing is reckoned that could be wrong. */
    static String describe(final LocalPolicyConfig config)
    {
        try (LocalPolicy policy = new LocalPolicy(
            config, (signal) -> {}, (counter) -> NodeCounters.unseen()))
        {
            return describe(policy);
        }
    }
}
