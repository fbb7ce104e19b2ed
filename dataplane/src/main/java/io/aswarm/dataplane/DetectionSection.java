package io.aswarm.dataplane;

import io.aswarm.ebpf.IpPrefix;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.Exemption;
import io.aswarm.sketch.VerificationConfig;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Section {@code detection} of the configuration: error rates, sizes, exemptions, and where the detectors' catalog is.
 */
final class DetectionSection
{
    private static final int SITE_PREFIXES_MAX = 1024;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLISECOND_NS = 1_000_000L;

    private DetectionSection()
    {
    }

    static NodeConfig.Detection read(final ConfigSection section, final Path base)
    {
        final List<NodeConfig.Exemption> exemptions = exemptions(section);
        final ConfigSection flood = section.section("flood");
        final NodeConfig.Detection detection = new NodeConfig.Detection(
            section.number("signal_nats", 3.0, 0.1, 100.0),
            section.number("signal_step_nats", 1.0, 0.1, 100.0),
            section.number("evidence_max_nats", 32.0, 1.0, 1000.0),
            section.durationNs("half_life", 600 * SECOND_NS, SECOND_NS, 86_400 * SECOND_NS),
            section.number("benign_success", 0.92, 0.5, 0.999),
            section.number("scanner_success", 0.2, 0.001, 0.5),
            section.durationNs("answer_timeout", 1500 * MILLISECOND_NS, MILLISECOND_NS, 60 * SECOND_NS),
            flood.number("benign_per_second", 50.0, 0.1, 10_000.0),
            flood.number("attack_per_second", 500.0, 1.0, 1_000_000.0),
            (int)section.powerOfTwo("sources", 8192, 8, 1 << 20),
            (int)section.powerOfTwo("contacts", 131_072, 64, 1 << 26),
            section.optionalPath("catalog", ConfigSection.NONE, base),
            prefixes(section, "site"),
            exemptions);
        flood.finish();
        section.finish();
        try
        {
            detection.policy(0, 0, VerificationConfig.LINK_ONLY, DetectorCatalog.STANDARD).build();
        }
        catch (final IllegalArgumentException ex)
        {
            section.wrong("", "cannot hold together: " + ex.getMessage());
        }
        return detection;
    }

    private static List<NodeConfig.Exemption> exemptions(final ConfigSection section)
    {
        final List<NodeConfig.Exemption> exemptions = new ArrayList<>();
        for (final ConfigSection entry : section.sections("exemptions"))
        {
            final String prefix = entry.string("prefix");
            final String why = entry.string("why");
            final int perSecondMax = (int)entry.integer("per_second", (long)Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
            entry.finish();
            try
            {
                exemptions.add(new NodeConfig.Exemption(IpPrefix.parse(prefix), perSecondMax, why));
            }
            catch (final IllegalArgumentException ex)
            {
                entry.wrong("prefix", "is \"" + prefix + "\": " + ex.getMessage());
            }
        }
        if (exemptions.size() > Exemption.EXEMPTIONS_MAX)
        {
            section.wrong("exemptions", "lists " + exemptions.size() + "; allowed: at most " +
                Exemption.EXEMPTIONS_MAX);
        }
        return List.copyOf(exemptions);
    }

    private static List<IpPrefix> prefixes(final ConfigSection section, final String key)
    {
        final List<IpPrefix> prefixes = new ArrayList<>();
        for (final String text : section.strings(key))
        {
            try
            {
                prefixes.add(IpPrefix.parse(text));
            }
            catch (final IllegalArgumentException ex)
            {
                section.wrong(key, "names \"" + text + "\": " + ex.getMessage());
            }
        }
        if (prefixes.size() > SITE_PREFIXES_MAX)
        {
            section.wrong(key, "lists " + prefixes.size() + "; allowed: at most " + SITE_PREFIXES_MAX);
        }
        return List.copyOf(prefixes);
    }
}
