package io.aswarm.dataplane;

/**
 * Counters of the appliance itself.
 */
public enum DataplaneCounter
{
    /** Distinct errors. */
    ERRORS_DISTINCT("distinct errors", "Kinds of error in the distinct error log; aswarm status shows them.", "errors"),
    /** Lines written. */
    EVENTS_WRITTEN("events written", "Lines written to the event log.", "events"),
    /** Lines dropped. */
    EVENTS_DROPPED("events dropped", "Lines lost because the event log's queue was full or its file failed.", "events"),
    /** Requests taken. */
    CONTROL_REQUESTS("control requests", "Requests taken on the control socket.", "requests"),
    /** Requests refused. */
    CONTROL_REFUSED("control refused", "Requests refused on the control socket: malformed, too long, unknown.",
        "requests"),
    /** Longest cycle of the sensor agent. */
    SENSOR_CYCLE_MAX("sensor longest cycle", "Longest duty cycle of the sensor agent, without its sleep.", "ns"),
    /** Stalls of the sensor agent. */
    SENSOR_STALLS("sensor stalls", "Duty cycles of the sensor agent that took more than 10 ms.", "cycles"),
    /** Longest cycle of the actuator agent. */
    ACTUATOR_CYCLE_MAX("actuator longest cycle", "Longest duty cycle of the actuator agent.", "ns"),
    /** Stalls of the actuator agent. */
    ACTUATOR_STALLS("actuator stalls", "Duty cycles of the actuator agent that took more than 10 ms.", "cycles"),
    /** Conversations with this host itself. */
    HOST_CONVERSATIONS("host conversations",
        "Records of conversations that this host itself answers unseen; kept from detection.", "records"),
    /** Conversations that this host itself began. */
    OWN_CONVERSATIONS("own conversations",
        "Records of conversations that this host itself began; kept from detection.", "records"),
    /** From connection tracking to detection. */
    TRACKED_TOLD("tracked told",
        "Ends and volumes that connection tracking told detection, since no program sees them.", "records"),
    /** From connection tracking, and seen anyhow. */
    TRACKED_SEEN("tracked seen",
        "Ends and volumes of connection tracking that were left to the programs, which see them.", "records"),
    /** Turns too long for the real-time class. */
    REAL_TIME_SPENT("real time spent",
        "Times that a thread had run its share in the real-time class and went on in the usual one.", "times");

    private final String label;
    private final String sentence;
    private final String unit;

    DataplaneCounter(final String label, final String sentence, final String unit)
    {
        this.label = label;
        this.sentence = sentence;
        this.unit = unit;
    }

    /**
     * Short name.
     *
     * @return short name.
     */
    public String label()
    {
        return label;
    }

    /**
     * What it counts.
     *
     * @return one sentence.
     */
    public String sentence()
    {
        return sentence;
    }

    /**
     * Unit of its value.
     *
     * @return unit of its value.
     */
    public String unit()
    {
        return unit;
    }
}
