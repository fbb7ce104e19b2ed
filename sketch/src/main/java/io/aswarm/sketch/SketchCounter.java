package io.aswarm.sketch;

/**
 * Everything this module counts. Written by the sensor thread only.
 */
public enum SketchCounter
{
    /** Events applied. */
    EVENTS("sketch-events", "Conversation events applied to the sketches.", "events"),
    /** Events of unknown kind. */
    EVENTS_UNKNOWN("sketch-events-unknown", "Events of a kind this version does not know; ignored.", "events"),
    /** First contacts. */
    FIRST_CONTACTS("sketch-first-contacts",
        "Contacts (source, destination, port) that were new when they opened.", "contacts"),
    /** First contacts that succeeded. */
    CONTACTS_SUCCEEDED("sketch-contacts-succeeded", "First contacts that were answered and completed.", "contacts"),
    /** First contacts that failed. */
    CONTACTS_FAILED("sketch-contacts-failed",
        "First contacts that were refused, unreachable, abandoned half-open or overdue.", "contacts"),
    /** Of those, by silence. */
    CONTACTS_OVERDUE("sketch-contacts-overdue",
        "Of the failed first contacts, those that failed because the answer was overdue.", "contacts"),
    /** Contacts without verdict. */
    CONTACTS_UNKNOWN("sketch-contacts-unknown",
        "First contacts that ended without a verdict: one-way protocols, no return path seen, given up early.",
        "contacts"),
    /** Contacts not followed. */
    PENDING_FULL("sketch-pending-full",
        "First contacts given up before they were judged because too many were waiting for an answer.", "contacts"),
    /** Contact memory rotated by load. */
    MEMORY_CUT_SHORT("sketch-memory-cut-short",
        "Generations of the first-contact memory that filled before their time was over.", "generations"),
    /** Suspects evicted. */
    SUSPECTS_EVICTED("sketch-suspects-evicted",
        "Suspects with the weakest evidence evicted to follow another one.", "suspects"),
    /** Suspects not followed. */
    SUSPECTS_REFUSED("sketch-suspects-refused",
        "Suspects not followed because all in their bucket had stronger evidence.", "suspects"),
    /** Flood pairs evicted. */
    FLOODS_EVICTED("sketch-floods-evicted",
        "Pairs of source and service without evidence evicted to follow another one.", "pairs"),
    /** Flood pairs not followed. */
    FLOODS_REFUSED("sketch-floods-refused",
        "Pairs of source and service not followed because all in their bucket had evidence.", "pairs"),
    /** Collapsed answers. */
    ANSWERS_COLLAPSED("sketch-answers-collapsed",
        "Records that stand for several answers to one source; silence towards it says nothing meanwhile.", "events"),
    /** Overdue openings forgiven. */
    OVERDUE_FORGIVEN("sketch-overdue-forgiven",
        "Times that overdue openings of a pair were not held against it because answers were collapsed.", "times"),
    /** Count-min too full. */
    OPENINGS_SATURATED("sketch-openings-saturated",
        "Windows in which the sketch of openings was too full for its error bound to be of use.", "windows"),
    /** Observations of exempt sources. */
    EXEMPTED("sketch-exempted", "Observations not held against a source because it is declared exempt.",
        "observations"),
    /** Signals given. */
    SIGNALS("sketch-signals", "Signals handed on.", "signals"),
    /** Failures taken back. */
    FAILURES_RETRACTED("sketch-failures-retracted",
        "Contacts held to have failed by silence that were answered after all; the evidence was taken back.",
        "contacts"),
    /** Exempt sources beyond their rate. */
    EXEMPTION_EXCEEDED("sketch-exemption-exceeded",
        "Observations of declared sources held against them because they came faster than declared.", "observations"),
    /** Starts of programs. */
    PROCESS_EVENTS("sketch-process-events", "Starts of programs applied to the lineage test.", "events"),
    /** Rules of the catalog that held. */
    RULES_HELD("sketch-rules-held", "Times that a composed rule of the catalog held and its signal was told.", "times"),
    /** Failures among many successes. */
    FAILURES_ALLOWED("sketch-failures-allowed",
        "Failed first contacts that were no evidence, since their source succeeded at many others.", "contacts");

    private final String label;
    private final String sentence;
    private final String unit;

    SketchCounter(final String label, final String sentence, final String unit)
    {
        this.label = label;
        this.sentence = sentence;
        this.unit = unit;
    }

    /**
     * Name in the counters file.
     *
     * @return name in the counters file.
     */
    public String label()
    {
        return label;
    }

    /**
     * What it counts, in one sentence.
     *
     * @return what it counts, in one sentence.
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
