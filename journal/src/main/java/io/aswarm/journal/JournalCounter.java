package io.aswarm.journal;

/**
 * What the journal counts.
 */
public enum JournalCounter
{
    FINDINGS("journal findings", "Elevations received, to be joined by the acts they lead to.", "count"),
    DEEDS("journal deeds", "Outcomes of acts received, each of which becomes a certificate.", "count"),
    QUEUE_FULL("journal queue full", "Findings and deeds refused because the queue was full: each is a proof lost.",
        "count"),
    FINDINGS_EVICTED("journal findings evicted", "Findings dropped before their time to make room for newer ones.",
        "count"),
    FINDINGS_EXPIRED("journal findings expired", "Findings dropped at the end of their time; usual.", "count"),
    DEEDS_WITHOUT_FINDING("journal deeds without finding",
        "Deeds whose elevation was not at hand any more: their certificates carry no evidence.", "count"),
    CERTIFICATES("journal certificates", "Certificates appended and forced to the disk.", "count"),
    CERTIFICATE_FAILURES("journal certificate failures", "Deeds that could not be made into a certificate.", "count"),
    BYTES("journal bytes", "Bytes of certificates appended.", "bytes"),
    APPEND_RETRIES("journal append retries", "Appends that failed and will be tried again, for example: disk full.",
        "count"),
    FORCES("journal forces", "Group commits: one force to the disk for each batch.", "count"),
    FORCE_FAILURES("journal force failures", "Forces that the kernel refused; their batch is never acknowledged.",
        "count"),
    FORCE_MAX_NS("journal force max", "Longest force to the disk.", "ns"),
    ENTRIES_DAMAGED("journal entries damaged", "Places in the journal that could not be read when it was opened.",
        "count"),
    SEGMENTS_SET_ASIDE("journal segments set aside",
        "Damaged journal files renamed at start; what is readable in them stays readable.", "count"),
    CYCLE_MAX_NS("journal cycle max", "Longest duty cycle of the journal agent.", "ns"),
    STALLS("journal stalls", "Duty cycles of the journal agent above its stall limit.", "count");

    private final String label;
    private final String sentence;
    private final String unit;

    JournalCounter(final String label, final String sentence, final String unit)
    {
        this.label = label;
        this.sentence = sentence;
        this.unit = unit;
    }

    /**
     * Name shown by tools that list counters.
     *
     * @return the label, unique within the appliance.
     */
    public String label()
    {
        return label;
    }

    /**
     * What the counter means.
     *
     * @return one sentence.
     */
    public String sentence()
    {
        return sentence;
    }

    /**
     * What is counted.
     *
     * @return the unit.
     */
    public String unit()
    {
        return unit;
    }
}
