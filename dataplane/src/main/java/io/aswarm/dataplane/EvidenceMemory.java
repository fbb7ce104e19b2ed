package io.aswarm.dataplane;

import io.aswarm.journal.Finding;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * What a running node can still explain: its latest signals and its latest elevations. Signals are written by the
 * sensor thread, elevations by the quorum thread; any thread may ask.
 */
public final class EvidenceMemory
{
    static final int FINDINGS_MAX = 256;

    private final SignalMemory signals = new SignalMemory();
    private final Deque<Finding> findings = new ArrayDeque<>(FINDINGS_MAX);

    SignalMemory signals()
    {
        return signals;
    }

    /** Elevations are rare, and whoever asks holds the lock for a walk over a few hundred references. */
    synchronized void onFinding(final Finding finding)
    {
        if (findings.size() == FINDINGS_MAX)
        {
            findings.removeLast();
        }
        findings.addFirst(finding);
    }

    Finding find(final long elevationId)
    {
        return first((finding) -> finding.elevationId() == elevationId);
    }

    Finding latest(final String subject)
    {
        return first((finding) -> finding.subject().equals(subject));
    }

    private synchronized Finding first(final Predicate<Finding> wanted)
    {
        return findings.stream().filter(wanted).findFirst().orElse(null);
    }
}
