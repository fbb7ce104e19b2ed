package io.aswarm.quorum;

/**
 * Numbers of the scenarios on the wire as far as this module treats them differently; the detectors own them all.
 */
final class ScenarioCode
{
    static final int SCAN = 1;
    static final int FLOOD = 2;
    static final int LINEAGE = 3;
    static final int DISTRIBUTED_SCAN = 4;
    static final int SPREAD_FLOOD = 5;
    static final int BEACON = 9;
    static final int CALL_HOME = 10;

    private ScenarioCode()
    {
    }
}
