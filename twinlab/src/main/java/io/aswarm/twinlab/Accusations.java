package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that one detector said in one recording at one threshold, and which of it was right. A subject accused again
 * within the same window of ten seconds counts once: the unit is the host-window.
 */
final class Accusations
{
    /** Length of a host-window. */
    static final long WINDOW_NS = 10_000_000_000L;

    private record Key(String scenario, IpAddress subject)
    {
    }

    private record Window(IpAddress subject, long number)
    {
    }

    private final GroundTruth truth;
    private final Map<Key, Accusation> wrong = new LinkedHashMap<>();
    private final Set<Window> wrongWindows = new HashSet<>();
    private Accusation detection;

    Accusations(final GroundTruth truth)
    {
        this.truth = truth;
    }

    /**
     * Take what a detector said.
     *
     * @param accusation said now.
     */
    void add(final Accusation accusation)
    {
        final boolean isRight = accusation.attackPackets() > 0 &&
            truth.isRight(accusation.subject(), accusation.isAim());
        if (!isRight)
        {
            wrong.putIfAbsent(new Key(accusation.scenario(), accusation.subject()), accusation);
            wrongWindows.add(new Window(accusation.subject(), Math.floorDiv(accusation.timeNs(), WINDOW_NS)));
        }
        else if (null == detection)
        {
            detection = accusation;
        }
    }

    /** The first that was right. */
    Optional<Accusation> detection()
    {
        return Optional.ofNullable(detection);
    }

    /** Host-windows in which somebody was accused who had not attacked. */
    int wrongWindows()
    {
        return wrongWindows.size();
    }

    /** The first against each innocent in each scenario. */
    List<Accusation> wrong()
    {
        return List.copyOf(wrong.values());
    }
}
