package io.aswarm.quorum;

/**
 * Everything that this module counts. Values only grow unless the unit says gauge.
 */
public enum QuorumCounter
{
    /** Signals taken from the sensor thread. */
    SIGNALS_RECEIVED("signals received", "Signals taken over from the sensor thread.", "signals"),
    /** Signals lost before the quorum thread. */
    SIGNALS_DROPPED("signals dropped", "Signals lost because the ring to the quorum thread was full.", "signals"),
    /** Own deposits sent. */
    DEPOSITS_SENT("deposits sent", "Own deposits handed to the mesh.", "deposits"),
    /** Own deposits never sent. */
    DEPOSITS_SUPPRESSED(
        "deposits suppressed", "Own deposits replaced or pushed out before the budget let them go.", "deposits"),
    /** Own presences sent. */
    PRESENCES_SENT("presences sent", "Heartbeats handed to the mesh.", "messages"),
    /** Bytes taken from the budget. */
    BYTES_SENT("mesh bytes sent", "Bytes sent with Aeron, UDP, IP and Ethernet headers, without Aeron's own.", "bytes"),
    /** Offers refused by Aeron. */
    SEND_REFUSED("sends refused", "Offers that Aeron refused for now: back-pressured or nobody listens.", "offers"),
    /** Messages of other nodes that were believed. */
    ACCEPTED("messages accepted", "Messages of other nodes which passed every check.", "messages"),
    /** Not a message of ours. */
    REFUSED_MALFORMED(
        "refused malformed", "Messages of wrong length, layout, version or impossible content.", "messages"),
    /** Not in the roster. */
    REFUSED_UNKNOWN_SENDER(
        "refused unknown sender", "Messages naming a node that is not in the roster.", "messages"),
    /** Somebody uses this node's number. */
    REFUSED_OWN_IDENTITY(
        "refused own identity", "Messages naming this node which it did not send: forged, or its id is used twice.",
        "messages"),
    /** From before the sender's last start. */
    REFUSED_OLD_BOOT("refused old boot", "Messages of a boot epoch older than the sender's newest.", "messages"),
    /** Seen already. */
    DUPLICATES("duplicates", "Messages received again: the network's doing or a replay, without effect.", "messages"),
    /** Too far behind to tell whether seen. */
    REFUSED_BEHIND_WINDOW(
        "refused behind window", "Messages whose sequence lies behind the replay window.", "messages"),
    /** Too old. */
    REFUSED_STALE("refused stale", "Messages sent longer ago than the age limit.", "messages"),
    /** From the future. */
    REFUSED_FUTURE("refused future", "Messages sent later than now by more than the clocks' errors.", "messages"),
    /** Not checked for lack of budget. */
    REFUSED_CHECK_BUDGET(
        "refused check budget", "Messages dropped unchecked because signature checks were used up.", "messages"),
    /** Forged. */
    REFUSED_BAD_SIGNATURE("refused bad signature", "Messages whose signature does not verify.", "messages"),
    /** Overtaken deposits. */
    DEPOSITS_OVERTAKEN("deposits overtaken", "Accepted deposits older than the one held of that witness.", "deposits"),
    /** Deposits pushed out. */
    DEPOSITS_EVICTED("deposits evicted", "Weakest deposits pushed out of a full table.", "deposits"),
    /** Elevations by witnesses. */
    ELEVATIONS("elevations", "Subjects elevated by enough distinct witnesses.", "elevations"),
    /** Elevations alone. */
    ELEVATIONS_LOCAL("elevations local", "Subjects elevated by this node's own strong evidence alone.", "elevations"),
    /** Members heard of late. */
    MEMBERS_HEARD("members heard", "Nodes heard within the liveness limit, this one included.", "gauge"),
    /** Members in the roster. */
    MEMBERS_EXPECTED("members expected", "Nodes in the roster.", "gauge"),
    /** Longest cycle. */
    CYCLE_LONGEST(
        "quorum longest cycle", "Longest time from one duty cycle's start to the next.", "nanoseconds, gauge"),
    /** Cycles above the limit. */
    CYCLE_STALLS("quorum stalls", "Duty cycles which took longer than the stall limit.", "cycles"),
    /** Errors. */
    ERRORS("quorum errors", "Faults inside the mesh; ErrorStat on the Aeron directory says which.", "errors"),
    /** Whether this node is cut off. */
    DEGRADED(
        "degraded", "1 while no majority of the roster is heard: only own evidence contains, at a stricter bar.",
        "gauge"),
    /** Deposits sealed. */
    DEPOSITS_SEALED("deposits sealed", "Own deposits sent under session keys, before their signed form.", "deposits"),
    /** No key. */
    REFUSED_UNKNOWN_KEY(
        "refused unknown key", "Sealed deposits under a key that this node does not hold; it asks for it.", "messages"),
    /** No authenticator. */
    REFUSED_NOT_ADDRESSED(
        "refused not addressed", "Sealed deposits without an authenticator for this node; the signed form follows.",
        "messages"),
    /** Forged seals. */
    REFUSED_FORGED("refused forged", "Sealed deposits whose authenticator or tag does not verify.", "messages"),
    /** Distrusted. */
    REFUSED_MUST_SIGN(
        "refused must sign", "Sealed deposits of a node that lately left one unsigned; its signed ones are believed.",
        "messages"),
    /** Signed forms. */
    TESTIMONIES("testimonies", "Signed forms of deposits that were believed sealed before.", "messages"),
    /** Signed forms lost. */
    TESTIMONIES_DROPPED(
        "testimonies dropped", "Signed forms, own or received, for which there was no room to wait.", "messages"),
    /** Evidence without all signatures. */
    EVIDENCE_INCOMPLETE(
        "evidence incomplete",
        "Elevations some of whose witnesses did not sign in time: certified without their deposit.", "elevations"),
    /** Peers reached. */
    SESSION_REACH("session reach", "Peers that this node's sealed deposits reach.", "gauge"),
    /** Keys agreed on. */
    SESSION_AGREED("session agreed", "Keys agreed on with a peer, each rekey included.", "pairs"),
    /** Keys made. */
    SESSION_REKEYS("session rekeys", "Sender keys that this node made.", "keys"),
    /** Handshakes refused. */
    SESSION_REFUSED(
        "session refused", "Handshake messages refused: malformed, stranger, old, over budget, forged or given up.",
        "messages"),
    /** Orders in force. */
    ORDERS_ACCEPTED("orders accepted", "Orders of the operators that came into force.", "orders"),
    /** Orders again. */
    ORDERS_REPEATED("orders repeated", "Orders received that were in force already or overtaken, without effect.",
        "orders"),
    /** Orders refused. */
    ORDERS_REFUSED("orders refused", "Orders with a fault: form, site, time or signatures.", "orders"),
    /** Orders said. */
    ORDERS_SAID("orders said", "Times that this node told the others the order in force.", "messages"),
    /** Whether suspended. */
    SUSPENDED("suspended", "1 while an order of the operators suspends enforcement on the whole site.", "gauge"),
    /** Out of its time. */
    REFUSED_EXPIRED(
        "refused expired", "Messages of a node whose time in the roster is over or has not begun.", "messages");

    private final String label;
    private final String sentence;
    private final String unit;

    QuorumCounter(final String label, final String sentence, final String unit)
    {
        this.label = label;
        this.sentence = sentence;
        this.unit = unit;
    }

    /**
     * Short name shown by AeronStat and {@code aswarm stats}.
     *
     * @return short name.
     */
    public String label()
    {
        return label;
    }

    /**
     * What is counted.
     *
     * @return one sentence.
     */
    public String sentence()
    {
        return sentence;
    }

    /**
     * Of what it is a number; a gauge may also fall.
     *
     * @return unit.
     */
    public String unit()
    {
        return unit;
    }
}
