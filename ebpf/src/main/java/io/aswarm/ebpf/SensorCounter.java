package io.aswarm.ebpf;

/**
 * What the kernel side and its readers count. The kernel's own are the fields of {@code struct account} and
 * {@code struct process_account} (aswarm_events.h), summed over the CPUs.
 */
public enum SensorCounter
{
    PACKETS("packets", "Packets that came in by the watched interfaces", "packets"),
    BYTES("bytes", "Bytes of those packets, link header included", "bytes"),
    QUARANTINED_PACKETS("quarantined_packets", "Packets dropped because their source is contained", "packets"),
    QUARANTINED_BYTES("quarantined_bytes", "Bytes of the packets dropped by quarantine", "bytes"),
    OBSERVED_PACKETS("observed_packets",
        "Packets that quarantine would have dropped, but for mode observe or the kill switch", "packets"),
    FRAGMENTS("fragments", "Fragments after the first: they carry no ports and give no event", "packets"),
    UNMATCHED_ANSWERS("unmatched_answers",
        "SYN-ACK, echo replies and unreachables to an opening that was not seen or is forgotten", "packets"),
    UNTRACKED_OPENINGS("untracked_openings", "Openings that could not be remembered, so answers to them are lost",
        "conversations"),
    SEEN("seen", "Packets worth an event: seen = delivered + weighted + lost", "packets"),
    DELIVERED("delivered", "Conversation records written to the ring", "records"),
    WEIGHTED("weighted", "Packets worth an event that are only part of another record's weight", "packets"),
    LOST_RING_FULL("lost_ring_full", "Packets worth an event whose record found the ring full", "packets"),
    FAULT_TRUNCATED_LINK("fault_truncated_link", "Frames that end inside the Ethernet or VLAN header", "packets"),
    FAULT_VLAN_DEPTH("fault_vlan_depth", "Frames with more than two VLAN tags", "packets"),
    FAULT_TRUNCATED_IP("fault_truncated_ip", "Packets that end inside the IP header or its extensions", "packets"),
    FAULT_BAD_IP("fault_bad_ip", "IP headers whose version or lengths contradict the frame", "packets"),
    FAULT_EXTENSION_DEPTH("fault_extension_depth", "IPv6 packets with more extension headers than are followed",
        "packets"),
    FAULT_MAPPED_SOURCE("fault_mapped_source", "IPv6 packets that claim an IPv4-mapped address (RFC 4942 2.2)",
        "packets"),
    FAULT_TRUNCATED_TRANSPORT("fault_truncated_transport", "Packets that end inside the transport header", "packets"),
    FAULT_BAD_TRANSPORT("fault_bad_transport", "Transport headers whose lengths contradict the packet", "packets"),
    FAULT_BAD_QUOTE("fault_bad_quote", "ICMP errors whose quoted packet can not be read", "packets"),
    PROCESS_SEEN("process_seen", "Forks, execs and exits of processes", "events"),
    PROCESS_DELIVERED("process_delivered", "Process records written to the ring", "records"),
    PROCESS_LOST_RING_FULL("process_lost_ring_full", "Process events whose record found the ring full", "events"),
    RECORDS_REFUSED("records_refused", "Records in a ring that are not of the length they should have", "records"),
    CONNTRACK_EVENTS("conntrack_events", "Connection tracking events read", "events"),
    CONNTRACK_OVERRUNS("conntrack_overruns", "Times that the kernel dropped tracking events (ENOBUFS)", "times"),
    CONNTRACK_RESYNCS("conntrack_resyncs", "Dumps of the tracking table after an overrun", "times"),
    CONNTRACK_FAULTS("conntrack_faults", "Netlink messages that can not be read", "messages");

    private final String label;
    private final String sentence;
    private final String unit;

    SensorCounter(final String label, final String sentence, final String unit)
    {
        this.label = label;
        this.sentence = sentence;
        this.unit = unit;
    }

    /**
     * Short name for listings.
     *
     * @return the name, unique in this enum.
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
     * Unit of the count.
     *
     * @return such as {@code packets}.
     */
    public String unit()
    {
        return unit;
    }
}
