package io.aswarm.sketch;

import java.util.Arrays;
import java.util.List;

/**
 * What can be tuned about the detectors: the rates of their hypotheses, what is free, how long they remember. The model
 * that a parameter belongs to, and where its default comes from, stands with the detector. The scan's and the flood's
 * own hypotheses about TCP are the node's ({@link LocalPolicyConfig}).
 */
public enum DetectorParameter
{
    SCAN_OTHERS_BENIGN(Scenario.SCAN, "others_benign_success", Unit.SHARE,
        SequentialScanTest.OTHERS_BENIGN_SUCCESS, 0.3, 0.99,
        "how often a benign first contact succeeds that is not TCP"),
    SCAN_OTHERS_SCANNER(Scenario.SCAN, "others_scanner_success", Unit.SHARE,
        SequentialScanTest.OTHERS_SCANNER_SUCCESS, 0.01, 0.9, "how often a scanner's does"),
    SCAN_DATAGRAM_BENIGN(Scenario.SCAN, "datagram_benign_answered", Unit.SHARE,
        SequentialScanTest.DATAGRAM_BENIGN_ANSWERED, 0.2, 0.99, "how often a benign datagram gets an answer"),
    SCAN_NEIGHBOUR_BENIGN(Scenario.SCAN, "neighbour_benign_answered", Unit.SHARE,
        SequentialScanTest.NEIGHBOUR_BENIGN_ANSWERED, 0.2, 0.99, "how often a neighbour that is sought answers"),
    SCAN_SCANNER_ANSWERED(Scenario.SCAN, "scanner_answered", Unit.SHARE,
        SequentialScanTest.SCANNER_ANSWERED, 0.01, 0.9, "how often a scanner's datagram or search is answered"),
    SCAN_UNANSWERED(Scenario.SCAN, "unanswered_factor", Unit.FACTOR, SequentialScanTest.UNANSWERED_FACTOR, 1.05, 20,
        "how much likelier a scanner goes on to the next port or host where nothing ever answered"),
    SCAN_CONVICTED(Scenario.SCAN, "convicted_nats", Unit.NATS, SequentialScanTest.CONVICTED_NATS, 1, 100,
        "evidence from which on contacts that fail again count too"),
    SCAN_STRAY(Scenario.SCAN, "stray_factor", Unit.FACTOR, SequentialScanTest.STRAY_FACTOR, 1.05, 1_000,
        "how much likelier a scanner sends segments of no conversation to services from one and the same port"),
    SCAN_STRAY_SYSTEM(Scenario.SCAN, "stray_system_factor", Unit.FACTOR,
        SequentialScanTest.STRAY_SYSTEM_FACTOR, 1.05, 10_000, "the same, to system ports"),
    SCAN_PENDING_FREE(Scenario.SCAN, "pending_free_ports", Unit.COUNT, SequentialScanTest.PENDING_FREE, 1, 1_000,
        "ports of one host at which a source may wait for answers at a time"),
    SCAN_PENDING(Scenario.SCAN, "pending_factor", Unit.FACTOR, SequentialScanTest.PENDING_FACTOR, 1.05, 1_000,
        "how much likelier a scanner asks one more port of a host before the others answered"),
    SCAN_PENDING_UNSEEN(Scenario.SCAN, "pending_unseen_factor", Unit.FACTOR,
        SequentialScanTest.PENDING_UNSEEN_FACTOR, 1.05, 1_000, "the same, where answers to the source are never seen"),
    SCAN_BARE(Scenario.SCAN, "bare_factor", Unit.FACTOR, SequentialScanTest.BARE_FACTOR, 1.05, 1_000,
        "how much likelier a scanner asks for no option of TCP"),

    FLOOD_DATAGRAMS_BENIGN(Scenario.FLOOD, "datagrams_benign_per_second", Unit.PER_SECOND,
        FloodTest.DATAGRAMS_BENIGN_PER_SECOND, 1, 1e6, "unanswered datagrams of one source to one service, benign"),
    FLOOD_DATAGRAMS_ATTACK(Scenario.FLOOD, "datagrams_attack_per_second", Unit.PER_SECOND,
        FloodTest.DATAGRAMS_FLOOD_PER_SECOND, 2, 1e7, "the same, of a flood"),
    FLOOD_STRANGER_BENIGN(Scenario.FLOOD, "stranger_datagrams_benign_per_second", Unit.PER_SECOND,
        FloodTest.STRANGER_BENIGN_PER_SECOND, 1, 1e6, "the same, of a stranger, benign"),
    FLOOD_STRANGER_ATTACK(Scenario.FLOOD, "stranger_datagrams_attack_per_second", Unit.PER_SECOND,
        FloodTest.STRANGER_FLOOD_PER_SECOND, 2, 1e7, "the same, of a flood"),
    FLOOD_REFUSED_BENIGN(Scenario.FLOOD, "refused_benign_per_second", Unit.PER_SECOND,
        FloodTest.REFUSED_BENIGN_PER_SECOND, 1, 1e6, "refused openings of one source at one service, benign"),
    FLOOD_REFUSED_ATTACK(Scenario.FLOOD, "refused_attack_per_second", Unit.PER_SECOND,
        FloodTest.REFUSED_FLOOD_PER_SECOND, 2, 1e7, "the same, of a flood"),
    FLOOD_REFUSED_BURST(Scenario.FLOOD, "refused_burst", Unit.COUNT, FloodTest.REFUSED_BURST, 0, 10_000,
        "refused openings in one lump that are no evidence"),
    FLOOD_LARGE_BURST(Scenario.FLOOD, "large_burst", Unit.COUNT, FloodTest.LARGE_BURST, 0, 10_000,
        "the same for datagrams, and at a service that served the source before"),
    FLOOD_BARE_BENIGN(Scenario.FLOOD, "bare_benign_per_second", Unit.PER_SECOND,
        FloodTest.BARE_BENIGN_PER_SECOND, 0.1, 1e6, "bare openings of one source that fail at one service, benign"),
    FLOOD_BARE_ATTACK(Scenario.FLOOD, "bare_attack_per_second", Unit.PER_SECOND,
        FloodTest.BARE_FLOOD_PER_SECOND, 1, 1e7, "the same, of a flood"),
    FLOOD_BARE_BURST(Scenario.FLOOD, "bare_burst", Unit.COUNT, FloodTest.BARE_BURST, 0, 10_000,
        "of them in one lump that are no evidence"),
    FLOOD_ECHOES_BENIGN(Scenario.FLOOD, "echoes_benign_per_second", Unit.PER_SECOND,
        EchoFloodTest.BENIGN_PER_SECOND, 1, 1e6, "echo requests of one source to one host, benign"),
    FLOOD_ECHOES_ATTACK(Scenario.FLOOD, "echoes_attack_per_second", Unit.PER_SECOND,
        EchoFloodTest.ATTACK_PER_SECOND, 2, 1e7, "the same, of a flood"),
    FLOOD_ECHOES_BURST(Scenario.FLOOD, "echoes_burst", Unit.COUNT,
        EchoFloodTest.BURST, 0, 10_000, "samples of them in one lump that are no evidence"),

    LINEAGE_TOOL(Scenario.LINEAGE, "stage_nats", Unit.NATS, LineageTest.TOOL_NATS, 0.1, 30,
        "each stage of a break-in under a service that runs nothing for others"),
    LINEAGE_SHELL(Scenario.LINEAGE, "application_factor", Unit.FACTOR, LineageTest.SHELL_FACTOR, 1.05, 1e6,
        "how much likelier its first stages are where a service runs applications"),
    LINEAGE_SPREADING(Scenario.LINEAGE, "spreading_factor", Unit.FACTOR, LineageTest.SPREADING_FACTOR, 1.05, 1_000,
        "how much likelier a new binary comes to one more host when it spreads by itself"),
    LINEAGE_RARE_MAX(Scenario.LINEAGE, "rare_max_nats", Unit.NATS, LineageTest.RARE_MAX_NATS, 0.1, 30,
        "most that one rare child adds"),
    LINEAGE_COMMON(Scenario.LINEAGE, "common_starts", Unit.COUNT, LineageTest.COMMON, 2, 10_000,
        "starts from which on a parent is known, and among which one is rare"),
    LINEAGE_FREE_HOSTS(Scenario.LINEAGE, "free_hosts", Unit.COUNT, LineageTest.FREE_HOSTS, 1, 1_000,
        "hosts on which a new binary is no evidence"),
    LINEAGE_NEW(Scenario.LINEAGE, "new_for", Unit.DURATION, LineageTest.NEW_NS, 1e9, 86_400e9,
        "how long a binary is new to the site"),
    LINEAGE_HALF_LIFE(Scenario.LINEAGE, "half_life", Unit.DURATION, LineageTest.HALF_LIFE_NS, 1e9, 604_800e9,
        "in which evidence halves"),

    DISTRIBUTED_BENIGN(Scenario.DISTRIBUTED_SCAN, "benign_success", Unit.SHARE,
        DistributedScanTest.BENIGN_SUCCESS, 0.5, 0.99, "how often a new port of a host serves who asks in good faith"),
    DISTRIBUTED_SCANNER(Scenario.DISTRIBUTED_SCAN, "scanner_success", Unit.SHARE,
        DistributedScanTest.SCANNER_SUCCESS, 0.01, 0.5, "how often one that is scanned for does"),
    DISTRIBUTED_SOURCES(Scenario.DISTRIBUTED_SCAN, "sources_min", Unit.COUNT,
        DistributedScanTest.SOURCES_MIN, 2, SourceShares.SOURCES_MAX, "sources at least"),
    DISTRIBUTED_SHARE(Scenario.DISTRIBUTED_SCAN, "share_max", Unit.COUNT, DistributedScanTest.SHARE_MAX, 1, 64,
        "ports that one source may bring"),

    SPREAD_SOURCES(Scenario.SPREAD_FLOOD, "sources_min", Unit.COUNT, SpreadFloodTest.SOURCES_MIN, 2, 512,
        "sources at least"),
    SPREAD_GRACE_MIN(Scenario.SPREAD_FLOOD, "grace_min", Unit.DURATION, SpreadFloodTest.GRACE_MIN_NS, 1e6, 1e9,
        "shortest time in which an opening may be unfinished"),
    SPREAD_HANDSHAKES_BENIGN(Scenario.SPREAD_FLOOD, "handshakes_benign_per_second", Unit.PER_SECOND,
        SpreadFloodTest.HANDSHAKES_BENIGN_PER_SECOND, 0.1, 1e6, "strangers' openings unfinished at one victim, benign"),
    SPREAD_HANDSHAKES_ATTACK(Scenario.SPREAD_FLOOD, "handshakes_attack_per_second", Unit.PER_SECOND,
        SpreadFloodTest.HANDSHAKES_FLOOD_PER_SECOND, 1, 1e7, "the same, of a flood"),
    SPREAD_HANDSHAKES_BURST(Scenario.SPREAD_FLOOD, "handshakes_burst", Unit.COUNT,
        SpreadFloodTest.HANDSHAKES_BURST, 0, 10_000, "of them in one lump that are no evidence"),
    SPREAD_BARE_BENIGN(Scenario.SPREAD_FLOOD, "bare_benign_per_second", Unit.PER_SECOND,
        SpreadFloodTest.BARE_BENIGN_PER_SECOND, 0.1, 1e6, "strangers' bare openings that fail at one victim, benign"),
    SPREAD_BARE_ATTACK(Scenario.SPREAD_FLOOD, "bare_attack_per_second", Unit.PER_SECOND,
        SpreadFloodTest.BARE_FLOOD_PER_SECOND, 1, 1e7, "the same, of a flood"),
    SPREAD_BARE_BURST(Scenario.SPREAD_FLOOD, "bare_burst", Unit.COUNT,
        SpreadFloodTest.BARE_BURST, 0, 10_000, "of them in one lump that are no evidence"),
    SPREAD_DATAGRAMS_BENIGN(Scenario.SPREAD_FLOOD, "datagrams_benign_per_second", Unit.PER_SECOND,
        SpreadFloodTest.DATAGRAMS_BENIGN_PER_SECOND, 0.1, 1e6, "strangers' datagrams unanswered at one victim, benign"),
    SPREAD_DATAGRAMS_ATTACK(Scenario.SPREAD_FLOOD, "datagrams_attack_per_second", Unit.PER_SECOND,
        SpreadFloodTest.DATAGRAMS_FLOOD_PER_SECOND, 1, 1e7, "the same, of a flood"),
    SPREAD_DATAGRAMS_BURST(Scenario.SPREAD_FLOOD, "datagrams_burst", Unit.COUNT,
        SpreadFloodTest.DATAGRAMS_BURST, 0, 10_000, "of them in one lump that are no evidence"),
    SPREAD_REFLECTIONS_BENIGN(Scenario.SPREAD_FLOOD, "reflections_benign_per_second", Unit.PER_SECOND,
        SpreadFloodTest.REFLECTIONS_BENIGN_PER_SECOND, 0.01, 1e6, "answers nobody asked for at one victim, benign"),
    SPREAD_REFLECTIONS_ATTACK(Scenario.SPREAD_FLOOD, "reflections_attack_per_second", Unit.PER_SECOND,
        SpreadFloodTest.REFLECTIONS_FLOOD_PER_SECOND, 0.1, 1e7, "the same, of a flood"),
    SPREAD_REFLECTIONS_BURST(Scenario.SPREAD_FLOOD, "reflections_burst", Unit.COUNT,
        SpreadFloodTest.REFLECTIONS_BURST, 0, 10_000, "of them in one lump that are no evidence"),
    SPREAD_RESETS_BENIGN(Scenario.SPREAD_FLOOD, "resets_benign_per_second", Unit.PER_SECOND,
        BackscatterTest.BENIGN_PER_SECOND, 0.1, 1e6, "segments of no conversation that a host resets, benign"),
    SPREAD_RESETS_ATTACK(Scenario.SPREAD_FLOOD, "resets_attack_per_second", Unit.PER_SECOND,
        BackscatterTest.ATTACK_PER_SECOND, 1, 1e7, "the same, of a flood"),
    SPREAD_RESETS_BURST(Scenario.SPREAD_FLOOD, "resets_burst", Unit.COUNT,
        BackscatterTest.BURST, 0, 10_000, "samples of them in one lump that are no evidence"),
    SPREAD_RESETS_EXCUSED(Scenario.SPREAD_FLOOD, "resets_excused", Unit.COUNT,
        BackscatterTest.EXCUSED, 0, 10_000, "of them that the end of each conversation excuses"),
    SPREAD_STRAYS_BENIGN(Scenario.SPREAD_FLOOD, "strays_benign_per_second", Unit.PER_SECOND,
        StrayFloodTest.BENIGN_PER_SECOND, 0.1, 1e6, "bare segments of no conversation to one host, benign"),
    SPREAD_STRAYS_ATTACK(Scenario.SPREAD_FLOOD, "strays_attack_per_second", Unit.PER_SECOND,
        StrayFloodTest.ATTACK_PER_SECOND, 1, 1e7, "the same, of a flood"),
    SPREAD_STRAYS_BURST(Scenario.SPREAD_FLOOD, "strays_burst", Unit.COUNT,
        StrayFloodTest.BURST, 0, 10_000, "samples of them in one lump that are no evidence"),
    SPREAD_FRAGMENTS_BENIGN(Scenario.SPREAD_FLOOD, "fragments_benign_per_second", Unit.PER_SECOND,
        FragmentFloodTest.BENIGN_PER_SECOND, 0.1, 1e6, "short fragments without a first one to one host, benign"),
    SPREAD_FRAGMENTS_ATTACK(Scenario.SPREAD_FLOOD, "fragments_attack_per_second", Unit.PER_SECOND,
        FragmentFloodTest.ATTACK_PER_SECOND, 1, 1e7, "the same, of a flood"),
    SPREAD_FRAGMENTS_BURST(Scenario.SPREAD_FLOOD, "fragments_burst", Unit.COUNT,
        FragmentFloodTest.BURST, 0, 10_000, "samples of them in one lump that are no evidence"),
    SPREAD_UNANSWERED_BENIGN(Scenario.SPREAD_FLOOD, "unanswered_benign_per_second", Unit.PER_SECOND,
        UnansweredFloodTest.BENIGN_PER_SECOND, 1, 1e6, "strangers' packets that one host does not answer, benign"),
    SPREAD_UNANSWERED_ATTACK(Scenario.SPREAD_FLOOD, "unanswered_attack_per_second", Unit.PER_SECOND,
        UnansweredFloodTest.ATTACK_PER_SECOND, 2, 1e7, "the same, of a flood"),
    SPREAD_UNANSWERED_BURST(Scenario.SPREAD_FLOOD, "unanswered_burst", Unit.COUNT,
        UnansweredFloodTest.BURST, 0, 10_000, "samples of them in one lump that are no evidence"),

    LATERAL_FREE(Scenario.LATERAL, "free_edges", Unit.COUNT, LateralTest.FREE, 0, 500,
        "new edges of one host that are no evidence by themselves"),
    LATERAL_CHAIN(Scenario.LATERAL, "chain_within", Unit.DURATION, LateralTest.CHAIN_NS, 1e9, 86_400e9,
        "how long a host counts as reached lately"),
    LATERAL_CHAINED(Scenario.LATERAL, "chained_factor", Unit.FACTOR, LateralTest.CHAINED_FACTOR, 1.05, 1e6,
        "how much likelier who moves makes an edge from a host that was reached lately"),
    LATERAL_EDGE(Scenario.LATERAL, "edge_factor", Unit.FACTOR, LateralTest.EDGE_FACTOR, 1.05, 1_000,
        "how much likelier who moves makes any other new edge"),
    LATERAL_HALF_LIFE(Scenario.LATERAL, "half_life", Unit.DURATION, LateralTest.HALF_LIFE_NS, 1e9, 604_800e9,
        "in which evidence halves"),

    BRUTE_FREE(Scenario.BRUTE_FORCE, "free_conversations", Unit.COUNT, BruteForceTest.FREE, 0, 10_000,
        "short conversations of an episode that are no evidence"),
    BRUTE_FILES_FREE(Scenario.BRUTE_FORCE, "files_free_conversations", Unit.COUNT,
        BruteForceTest.FILES_FREE, 0, 10_000, "the same at file servers"),
    BRUTE_SHORT(Scenario.BRUTE_FORCE, "short_max", Unit.DURATION,
        BruteForceTest.SHORT_MAX_MS * 1e6, 1e8, 3_600e9, "longest conversation that is short"),
    BRUTE_BENIGN(Scenario.BRUTE_FORCE, "benign_per_second", Unit.PER_SECOND,
        BruteForceTest.BENIGN_PER_SECOND, 0.0001, 100, "short conversations of people and jobs"),
    BRUTE_GUESSING(Scenario.BRUTE_FORCE, "guessing_per_second", Unit.PER_SECOND,
        BruteForceTest.GUESSING_PER_SECOND, 0.001, 1_000, "the same, of guessing"),
    BRUTE_HALF_LIFE(Scenario.BRUTE_FORCE, "half_life", Unit.DURATION, BruteForceTest.HALF_LIFE_NS, 1e9, 604_800e9,
        "in which evidence halves"),

    EXFILTRATION_NAMES(Scenario.EXFILTRATION, "names_bytes_per_second", Unit.BYTES_PER_SECOND,
        ExfiltrationTest.NAMES_BYTES_PER_SECOND, 1, 1e9, "least benign volume to a name server"),
    EXFILTRATION_NAMES_BURST(Scenario.EXFILTRATION, "names_burst_kib", Unit.COUNT,
        ExfiltrationTest.NAMES_BURST_KIB, 0, 1e6, "volume to a name server in one lump that is no evidence"),
    EXFILTRATION_ECHO(Scenario.EXFILTRATION, "icmp_bytes_per_second", Unit.BYTES_PER_SECOND,
        ExfiltrationTest.ECHO_BYTES_PER_SECOND, 1, 1e9, "least benign volume in ICMP to one host"),
    EXFILTRATION_ECHO_BURST(Scenario.EXFILTRATION, "icmp_burst_kib", Unit.COUNT,
        ExfiltrationTest.ECHO_BURST_KIB, 0, 1e6, "volume in ICMP in one lump that is no evidence"),
    EXFILTRATION_OUTSIDE(Scenario.EXFILTRATION, "outside_bytes_per_second", Unit.BYTES_PER_SECOND,
        ExfiltrationTest.OUTSIDE_BYTES_PER_SECOND, 64, 1e12, "least benign volume to a rare place outside"),
    EXFILTRATION_OUTSIDE_BURST(Scenario.EXFILTRATION, "outside_burst_kib", Unit.COUNT,
        ExfiltrationTest.OUTSIDE_BURST_KIB, 0, 1e9, "volume to a rare place in one lump that is no evidence"),
    EXFILTRATION_FACTOR(Scenario.EXFILTRATION, "attack_factor", Unit.FACTOR, ExfiltrationTest.ATTACK_FACTOR, 1.1, 1e4,
        "how much more who carries data out sends than is benign"),
    EXFILTRATION_IMMATURE(Scenario.EXFILTRATION, "immature_weight", Unit.SHARE,
        ExfiltrationTest.IMMATURE_WEIGHT, 0.05, 1, "what evidence counts for while nothing is known of the host"),
    EXFILTRATION_TUNNEL(Scenario.EXFILTRATION, "tunnel_factor", Unit.FACTOR, NameTunnelTest.AGAIN_FACTOR, 1.05, 1e4,
        "how much likelier a tunnel keeps its socket to a name server than a resolver does"),
    EXFILTRATION_TUNNEL_MEMORY(Scenario.EXFILTRATION, "tunnel_memory", Unit.DURATION,
        NameTunnelTest.MEMORY_NS, 1e9, 3_600e9, "how long a conversation with a name server is remembered at least"),
    EXFILTRATION_TUNNEL_HALF_LIFE(Scenario.EXFILTRATION, "tunnel_half_life", Unit.DURATION,
        NameTunnelTest.HALF_LIFE_NS, 1e9, 604_800e9, "in which evidence of tunnels in names halves"),
    EXFILTRATION_LENGTHS_FREE(Scenario.EXFILTRATION, "echo_lengths_free", Unit.COUNT, EchoTunnelTest.FREE, 0, 500,
        "lengths of echoes between two hosts that are no evidence"),
    EXFILTRATION_LENGTH(Scenario.EXFILTRATION, "echo_length_factor", Unit.FACTOR,
        EchoTunnelTest.LENGTH_FACTOR, 1.05, 1_000, "how much likelier one more length is of a tunnel"),
    EXFILTRATION_LENGTH_HALF_LIFE(Scenario.EXFILTRATION, "echo_half_life", Unit.DURATION,
        EchoTunnelTest.HALF_LIFE_NS, 1e9, 604_800e9, "in which evidence of tunnels in echoes halves"),

    BEACON_BURST(Scenario.BEACON, "burst_within", Unit.DURATION, BeaconTest.BURST_NS, 1e6, 60e9,
        "calls so close together are one call"),
    BEACON_PERIOD_MAX(Scenario.BEACON, "period_max", Unit.DURATION, BeaconTest.PERIOD_MAX_NS, 1e9, 604_800e9,
        "longest interval between two calls"),
    BEACON_TOLERANCE(Scenario.BEACON, "tolerance_percent", Unit.COUNT, BeaconTest.TOLERANCE_PERCENT, 1, 90,
        "how far from the typical one an interval is regular"),
    BEACON_INTERVALS_MIN(Scenario.BEACON, "intervals_min", Unit.COUNT, BeaconTest.INTERVALS_MIN, 1, 1_000,
        "intervals that only teach what is typical"),
    BEACON_REGULAR(Scenario.BEACON, "regular_beacon", Unit.SHARE, BeaconTest.REGULAR_BEACON, 0.1, 0.999,
        "how many intervals of a beacon are regular"),
    BEACON_REGULAR_BENIGN(Scenario.BEACON, "regular_benign", Unit.SHARE, BeaconTest.REGULAR_BENIGN, 0.01, 0.99,
        "how many of programs at large are"),
    BEACON_JITTER_PERIOD_MIN(Scenario.BEACON, "jitter_period_min", Unit.DURATION, JitterModel.PERIOD_MIN_NS, 1e6,
        3_600e9, "shortest typical interval of calls with jitter"),
    BEACON_SHORTEST(Scenario.BEACON, "shortest_percent", Unit.COUNT, JitterModel.SHORTEST_PERCENT, 1, 99,
        "least of the typical interval that calls with jitter keep"),
    BEACON_LONGEST(Scenario.BEACON, "longest_percent", Unit.COUNT, JitterModel.LONGEST_PERCENT, 101, 1_000,
        "most of the typical interval that calls with jitter keep"),
    BEACON_WITHIN(Scenario.BEACON, "within_beacon", Unit.SHARE, JitterModel.WITHIN_BEACON, 0.1, 0.999,
        "how many intervals of a beacon with jitter are within these bounds"),
    BEACON_WITHIN_BENIGN(Scenario.BEACON, "within_benign", Unit.SHARE, JitterModel.WITHIN_BENIGN, 0.01, 0.99,
        "how many of programs at large are"),
    BEACON_IMMATURE(Scenario.BEACON, "immature_weight", Unit.SHARE, BeaconTest.IMMATURE_WEIGHT, 0.05, 1,
        "what evidence counts for while nothing is known of the host"),
    BEACON_HALF_LIFE(Scenario.BEACON, "half_life", Unit.DURATION, BeaconTest.HALF_LIFE_NS, 1e9, 2_592_000e9,
        "in which evidence halves"),

    CALL_HOME_WINDOW(Scenario.CALL_HOME, "window", Unit.DURATION, CallHomeTest.WINDOW_NS, 1e9, 86_400e9,
        "how long after the first caller others are new ones"),
    CALL_HOME_SHORT(Scenario.CALL_HOME, "short_max", Unit.DURATION,
        CallHomeTest.SHORT_MAX_MS * 1e6, 1e8, 3_600e9, "longest conversation that is a call"),
    CALL_HOME_BYTES(Scenario.CALL_HOME, "bytes_per_host_max", Unit.COUNT,
        CallHomeTest.BYTES_PER_HOST_MAX, 1_024, 1e9, "most that the destination sends to each caller"),
    CALL_HOME_FREE(Scenario.CALL_HOME, "free_hosts", Unit.COUNT, CallHomeTest.FREE, 0, 500,
        "callers that are no evidence"),
    CALL_HOME_CALLER(Scenario.CALL_HOME, "caller_factor", Unit.FACTOR, CallHomeTest.CALLER_FACTOR, 1.05, 1_000,
        "how much likelier one more host calls a place that gives orders"),
    CALL_HOME_HALF_LIFE(Scenario.CALL_HOME, "half_life", Unit.DURATION, CallHomeTest.HALF_LIFE_NS, 1e9, 604_800e9,
        "in which evidence halves");

    /** What a value is. */
    public enum Unit
    {
        /** Nanoseconds; in files with a unit of time. */
        DURATION,
        /** A whole number. */
        COUNT,
        /** Of one. */
        SHARE,
        /** A likelihood ratio, or times. */
        FACTOR,
        /** Evidence. */
        NATS,
        /** A rate. */
        PER_SECOND,
        /** A rate of volume. */
        BYTES_PER_SECOND
    }

    private final Scenario scenario;
    private final String key;
    private final Unit unit;
    private final double standard;
    private final double least;
    private final double most;
    private final String sentence;

    DetectorParameter(
        final Scenario scenario, final String key, final Unit unit, final double standard, final double least,
        final double most, final String sentence)
    {
        this.scenario = scenario;
        this.key = key;
        this.unit = unit;
        this.standard = standard;
        this.least = least;
        this.most = most;
        this.sentence = sentence;
    }

    /**
     * Whose parameter it is.
     *
     * @return the detector's scenario.
     */
    public Scenario scenario()
    {
        return scenario;
    }

    /**
     * Name in the catalog, among those of the scenario.
     *
     * @return small letters, digits and underscores.
     */
    public String key()
    {
        return key;
    }

    /**
     * What the value is.
     *
     * @return the unit.
     */
    public Unit unit()
    {
        return unit;
    }

    /**
     * The default.
     *
     * @return in the unit.
     */
    public double standard()
    {
        return standard;
    }

    /**
     * Least value allowed.
     *
     * @return in the unit.
     */
    public double least()
    {
        return least;
    }

    /**
     * Most allowed.
     *
     * @return in the unit.
     */
    public double most()
    {
        return most;
    }

    /**
     * What it means, for people.
     *
     * @return half a sentence.
     */
    public String sentence()
    {
        return sentence;
    }

    /**
     * The parameters of a detector.
     *
     * @param scenario of it.
     * @return in the order of the catalog.
     */
    public static List<DetectorParameter> of(final Scenario scenario)
    {
        return Arrays.stream(values()).filter((each) -> each.scenario == scenario).toList();
    }
}
