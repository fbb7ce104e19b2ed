package io.aswarm.sketch;

import java.util.Arrays;
import java.util.List;

/**
 * What a signal suspects its subject of. Codes travel between nodes and must never be reused.
 */
public enum Scenario
{
    /**
     * Looking for what answers: first contacts that mostly fail, over ports, over hosts or both. The subject is the
     * source. See {@link SequentialScanTest}.
     */
    SCAN(1, "scan", Signal.ROLE_SOURCE),

    /**
     * More than any client sends, by one source to one service or host: openings that are not completed, echoes, what
     * belongs to no conversation. The subject is the source, the aim is the service. See {@link FloodTest} and
     * {@link SampledFloods}.
     */
    FLOOD(2, "flood", Signal.ROLE_SOURCE),

    /**
     * Programs started where they are not usually started. The subject is an address of the host, the first half of
     * the aim is the key of the binary.
     */
    LINEAGE(3, "lineage", Signal.ROLE_SOURCE),

    /** Many sources, each with few failed first contacts, at one aim. The subject is the aim. */
    DISTRIBUTED_SCAN(4, "distributed-scan", Signal.ROLE_AIM),

    /** A flood at one victim whose sources are forged, reflecting, or simply many. The subject is the victim. */
    SPREAD_FLOOD(5, "spread-flood", Signal.ROLE_AIM),

    /** New client-server edges that spread from host to host inside the site. The subject is the host that spreads. */
    LATERAL(6, "lateral", Signal.ROLE_SOURCE),

    /** Many short conversations with one service. The subject is the source, the aim is the service. */
    BRUTE_FORCE(7, "brute-force", Signal.ROLE_SOURCE),

    /**
     * Volume to a rare place, against the host's own baseline, or tunnels in names and echoes. The subject is the host,
     * the aim is the place.
     */
    EXFILTRATION(8, "exfiltration", Signal.ROLE_SOURCE),

    /** Conversations at regular intervals. The subject is the host, the aim is whom it calls. */
    BEACON(9, "beacon", Signal.ROLE_SOURCE),

    /** Many hosts that begin to call one rare destination at about the same time. The subject is the destination. */
    CALL_HOME(10, "call-home", Signal.ROLE_AIM);

    private final int code;
    private final String label;
    private final int subjectRole;

    Scenario(final int code, final String label, final int subjectRole)
    {
        this.code = code;
        this.label = label;
        this.subjectRole = subjectRole;
    }

    /**
     * A detector's scenario by its name.
     *
     * @param label its name.
     * @return null where none has it.
     */
    public static Scenario ofLabel(final String label)
    {
        for (final Scenario each : values())
        {
            if (each.label.equals(label))
            {
                return each;
            }
        }
        return null;
    }

    /**
     * Names of all, in the order of their codes.
     *
     * @return names of all.
     */
    public static List<String> labels()
    {
        return Arrays.stream(values()).map(Scenario::label).toList();
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

    /**
     * What the subject of such a signal is.
     *
     * @return {@link Signal#ROLE_SOURCE} or {@link Signal#ROLE_AIM}.
     */
    public int subjectRole()
    {
        return subjectRole;
    }
}
