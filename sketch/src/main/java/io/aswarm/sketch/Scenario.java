package io.aswarm.sketch;

/**
 * What a signal suspects its subject of. Codes travel between nodes and must never be reused; 3 is kept for process
 * lineage.
 */
public enum Scenario
{
    /**
     * Looking for what answers: first contacts that mostly fail, over ports, over hosts or both. The subject is the
     * source. See {@link SequentialScanTest}.
     */
    SCAN(1, "scan"),

    /**
     * Openings of one source to one service that are never completed. The subject is the source, the aim is the
     * service. See {@link FloodTest}.
     */
    FLOOD(2, "flood");

    private final int code;
    private final String label;

    Scenario(final int code, final String label)
    {
        this.code = code;
        this.label = label;
    }

    /**
     * Number on the wire.
     *
     * @return number on the wire.
     */
    public int code()
    {
        return code;
    }

    /**
     * Name in logs and reports.
     *
     * @return name in logs and reports.
     */
    public String label()
    {
        return label;
    }
}
