package io.aswarm.twinlab;

import java.nio.file.Path;
import java.util.List;

/**
 * What a drill was asked to do.
 *
 * @param scenarios in this order, each for all runs.
 * @param family    4 or 6.
 * @param runs      of each scenario, 1 to {@link #RUNS_MAX}.
 * @param ttlMs     of every containment, {@link #TTL_MIN_MS} to {@link #TTL_MAX_MS}.
 * @param keep      leave everything up at the end.
 * @param record    directory for captures and event logs, or null.
 */
record DrillConfig(List<Scenario> scenarios, int family, int runs, long ttlMs, boolean keep, Path record)
{
    static final int RUNS_MAX = 50;
    static final long TTL_MIN_MS = 500;
    static final long TTL_MAX_MS = 600_000;

    /** Name of what is drilled: one label, or all. */
    String scenarioLabel()
    {
        return 1 == scenarios.size() ? scenarios.get(0).label() : "all";
    }

    int runsTotal()
    {
        return runs * scenarios.size();
    }
}
