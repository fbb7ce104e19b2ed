package io.aswarm.actuator;

/**
 * Everything that this module counts.
 */
public enum ActuatorCounter
{
    /** Requests taken. */
    REQUESTS("actuator-requests", "Elevations that asked for an act.", "requests"),
    /** Requests and orders lost before the actuator. */
    QUEUE_FULL("actuator-queue-full", "Requests and orders refused to their sender because the queue was full.",
        "requests"),
    /** Acts begun. */
    STARTED("actuator-started", "Acts begun: all guardrails allowed them.", "acts"),
    /** Acts proven. */
    EFFECTIVE("actuator-effective", "Acts whose effect was proven by probes.", "acts"),
    /** Acts failed. */
    FAILED("actuator-failed", "Acts and orders that could not be done, proven or undone.", "acts"),
    /** Acts reverted. */
    REVERTED("actuator-reverted", "Entries released, with proof that the subject's packets pass.", "acts"),
    /** Requests refused. */
    REFUSED("actuator-refused", "Requests that a guardrail forbade.", "requests"),
    /** Entries adopted. */
    ADOPTED("actuator-adopted", "Entries of an earlier run that are held to their deadline.", "acts"),
    /** Orders to halt. */
    HALTS("actuator-halts", "Times the kill switch was set or found set.", "orders"),
    /** Orders to resume. */
    RESUMES("actuator-resumes", "Times the kill switch was cleared or found cleared.", "orders"),
    /** Acts now. */
    ACTIVE("actuator-active", "Acts that hold an entry now.", "gauge"),
    /** Kill switch now. */
    HALTED("actuator-halted", "1 while the kill switch is set.", "gauge"),
    /** Probes made. */
    PROBES("actuator-probes", "Probes made.", "probes"),
    /** Probes failed. */
    PROBES_FAILED("actuator-probes-failed", "Probes that did not see what was expected.", "probes"),
    /** Retries. */
    RETRIES("actuator-retries", "Steps of acts that failed and were tried again.", "steps"),
    /** Kernel errors. */
    CONTROL_ERRORS("actuator-control-errors", "Changes or questions that the kernel refused.", "calls");

    private final String label;
    private final String sentence;
    private final String unit;

    ActuatorCounter(final String label, final String sentence, final String unit)
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
     * What it means.
     *
     * @return one sentence.
     */
    public String sentence()
    {
        return sentence;
    }

    /**
     * Unit of its value; {@code gauge} for one that also falls.
     *
     * @return the unit.
     */
    public String unit()
    {
        return unit;
    }

    /** The one that counts outcomes of a kind. */
    static ActuatorCounter of(final Outcome.Kind kind)
    {
        switch (kind)
        {
            case EFFECTIVE:
                return EFFECTIVE;
            case FAILED:
                return FAILED;
            case REVERTED:
                return REVERTED;
            case REFUSED:
                return REFUSED;
            case ADOPTED:
                return ADOPTED;
            case HALTED:
                return HALTS;
            default:
                return RESUMES;
        }
    }
}
