package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
    SEEN("seen", "Events, most packets cause none: seen = delivered + weighted + lost", "events"),
    DELIVERED("delivered", "Conversation records written to the ring", "records"),
    WEIGHTED("weighted", "Events that are only part of another record's weight", "events"),
    LOST_RING_FULL("lost_ring_full", "Events whose record found the ring full", "events"),
    FAULT_TRUNCATED_LINK("fault_truncated_link", "Frames that end inside the Ethernet or VLAN header", "packets"),
    FAULT_VLAN_DEPTH("fault_vlan_depth", "Frames with more than two VLAN tags", "packets"),
    FAULT_TRUNCATED_IP("fault_truncated_ip", "Packets that end inside the IP header or its extensions", "packets"),
    FAULT_BAD_IP("fault_bad_ip", "IP headers whose version or lengths contradict the frame", "packets"),
    FAULT_EXTENSION_DEPTH("fault_extension_depth", "IPv6 packets with more extension headers than are followed",
        "packets"),
    FAULT_MAPPED_SOURCE("fault_mapped_source", "IPv6 packets that claim an IPv4-mapped address (RFC 4942 2.2)",
        "packets"),
    FAULT_TRUNCATED_TRANSPORT("fault_truncated_transport",
        "Packets that end inside the transport header, before its ports if fragments of TCP", "packets"),
    FAULT_BAD_TRANSPORT("fault_bad_transport", "Transport headers whose lengths contradict the packet", "packets"),
    FAULT_BAD_QUOTE("fault_bad_quote", "ICMP errors whose quoted packet can not be read", "packets"),
    PROCESS_SEEN("process_seen", "Forks, execs and exits of processes", "events"),
    PROCESS_DELIVERED("process_delivered", "Process records written to the ring", "records"),
    PROCESS_LOST_RING_FULL("process_lost_ring_full", "Process events whose record found the ring full", "events"),
    RECORDS_REFUSED("records_refused", "Records in a ring that are not of the length they should have", "records"),
    CONNTRACK_EVENTS("conntrack_events", "Connection tracking events read", "events"),
    CONNTRACK_OVERRUNS("conntrack_overruns", "Times that the kernel dropped tracking events (ENOBUFS)", "times"),
    CONNTRACK_RESYNCS("conntrack_resyncs",
        "Dumps of the tracking table: at the start, after an overrun, to count bytes", "times"),
    CONNTRACK_FAULTS("conntrack_faults", "Netlink messages that can not be read", "messages"),
    FAULT_LABEL_DEPTH("fault_label_depth", "Frames with more MPLS labels than are followed", "packets"),
    FAULT_BAD_TUNNEL("fault_bad_tunnel",
        "Packets announced as a tunnel whose inside can not be read; judged by their outer addresses", "packets"),
    FAULT_TUNNEL_DEPTH("fault_tunnel_depth", "Packets with more tunnels in each other than are opened", "packets"),
    FAULT_BAD_ARP("fault_bad_arp", "ARP packets that are cut short or not of Ethernet and IPv4", "packets"),
    LOST_OVER_BUDGET("lost_over_budget",
        "Events of a flood that found neither a record nor a place among the weights", "events"),
    FRAGMENTS_UNTIED("fragments_untied", "Later fragments whose first was not seen, so their ports are not known",
        "packets"),
    TUNNELLED_PACKETS("tunnelled_packets", "Packets judged by addresses inside a tunnel as well", "packets"),
    SENT_PACKETS("sent_packets", "Packets that this host itself sent by the watched interfaces", "packets"),
    SENT_BYTES("sent_bytes", "Bytes of those packets", "bytes"),
    FORWARDED_PACKETS("forwarded_packets",
        "Packets that left by a watched interface and were told where they came in", "packets"),
    HELPER_FAILURES("helper_failures", "Calls of the kernel side to the kernel that failed, told by line in the log",
        "calls"),
    CONNTRACK_OPENINGS_MISSED("conntrack_openings_missed",
        "Connections found by a dump whose beginning was dropped (ENOBUFS)", "connections"),
    CONNTRACK_ENDS_MISSED("conntrack_ends_missed",
        "Connections gone unheard: their end, with packets and bytes, was dropped (ENOBUFS)", "connections"),
    CONNTRACK_UNREMEMBERED("conntrack_unremembered",
        "Connections that found no room in memory: told without their past", "connections");

    /** Fields of {@code struct account} between its first and last word, in order. */
    static final List<SensorCounter> OF_NETWORK = join(
        EnumSet.range(PACKETS, FAULT_BAD_QUOTE), EnumSet.range(FAULT_LABEL_DEPTH, HELPER_FAILURES));
    /** Fields of {@code struct process_account}. */
    static final List<SensorCounter> OF_PROCESSES = List.copyOf(EnumSet.range(PROCESS_SEEN, PROCESS_LOST_RING_FULL));

    private final String label;
    private final String sentence;
    private final String unit;

    SensorCounter(final String label, final String sentence, final String unit)
    {
        this.label = label;
        this.sentence = sentence;
        this.unit = unit;
    }

    /** Kept by {@link ConntrackSensor} and not by the programs. */
    boolean isOfConntrack()
    {
        return name().startsWith("CONNTRACK_");
    }

    private static List<SensorCounter> join(final Set<SensorCounter> first, final Set<SensorCounter> second)
    {
        final List<SensorCounter> all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
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
