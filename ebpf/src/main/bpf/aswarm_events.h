/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Everything that user space and the kernel side read alike. Declared here and nowhere else; LayoutTest compares the
 * Java descriptors with the BTF of the object. Integers are in host order, addresses in network order.
 */
#ifndef ASWARM_EVENTS_H
#define ASWARM_EVENTS_H

#include <linux/types.h>

#define COMM_LENGTH 16
#define FILENAME_LENGTH 168

/* IPv4 is v4-mapped (::ffff:a.b.c.d), so one map serves both families. */
struct address {
	__be64 high;
	__be64 low;
};

enum conversation_kind {
	CONVERSATION_OPENED = 1,
	CONVERSATION_ACCEPTED = 2,
	CONVERSATION_ESTABLISHED = 3,
	CONVERSATION_REFUSED = 4,
	CONVERSATION_UNREACHABLE = 5,
	CONVERSATION_ABORTED = 6,
	/* An established conversation is over: its first FIN or RST. */
	CONVERSATION_ENDED = 7,
	/* Bytes one way, sampled in proportion to them. */
	CONVERSATION_VOLUME = 8,
};

enum conversation_flag {
	/* The source was under an entry that did not drop: mode observe, or the kill switch. */
	CONVERSATION_CONTAINED = 1,
	CONVERSATION_REPEAT = 2,
	/* The sender's address is a neighbour's, and the frame came from its MAC by its interface. */
	CONVERSATION_ON_LINK = 4,
	/* VOLUME, ENDED, ABORTED: the responder sent the packet. */
	CONVERSATION_FROM_RESPONDER = 8,
	/* Nobody knows who asked; the sender stands as the initiator. */
	CONVERSATION_UNORIENTED = 16,
	/* The addresses are those inside a tunnel. */
	CONVERSATION_TUNNEL = 32,
	/* A record with a weight: its packets were of several initiators, the last one is shown. */
	CONVERSATION_SOURCES_VARY = 64,
	/* A record with a weight: its packets went to several responders, the last one is shown. */
	CONVERSATION_AIMS_VARY = 128,
};

/* Protocol of ARP, and of ICMPv6 neighbour solicitation and advertisement: a number that IANA keeps reserved. */
#define PROTOCOL_NEIGHBOUR_DISCOVERY 255
/* The duration of an ENDED conversation is not known, or longer than 49 days. */
#define DURATION_UNKNOWN 0xffffffff

struct conversation_event {
	__u64 time_ns;
	struct address initiator;
	struct address responder;
	__u32 interface_index;
	__u32 weight;
	__u16 initiator_port;
	__u16 responder_port;
	__u16 vlan;
	__u16 length_bytes;
	__u8 kind;
	__u8 protocol;
	__u8 tcp_flags;
	__u8 flags;
	/*
	 * VOLUME: bytes that the record stands for; ENDED: duration in milliseconds; OPENED over TCP: bytes of the TCP
	 * header in the packet that opens, with its options; else 0.
	 */
	__u32 quantity;
};
_Static_assert(sizeof(struct conversation_event) == 64, "one cache line");

enum process_kind {
	PROCESS_FORKED = 1,
	PROCESS_EXECUTED = 2,
	PROCESS_EXITED = 3,
	/* A socket of the process begins to listen. */
	PROCESS_LISTENS = 4,
};

enum process_flag {
	PROCESS_FILENAME_CUT = 1,
	/* Standard input is a socket of IPv4 or IPv6; known for EXECUTED. */
	PROCESS_INPUT_CONNECTED = 2,
};

/*
 * A process is named by its id and its start time together: ids come back, the pair does not. A program is named by
 * device and inode of its file, whatever its path; known for EXECUTED.
 */
struct process_event {
	__u64 time_ns;
	__u64 start_time_ns;
	__u64 parent_start_time_ns;
	__u64 cgroup_id;
	__u64 executable_inode;
	__u32 executable_device;
	__u32 process_id;
	__u32 parent_process_id;
	__u32 user_id;
	__u32 exit_code;
	/* Inodes, as ls -l /proc/PID/ns shows them. */
	__u32 process_namespace;
	__u32 network_namespace;
	__u16 filename_length;
	__u8 kind;
	__u8 flags;
	char comm[COMM_LENGTH];
	char filename[FILENAME_LENGTH];
};
_Static_assert(sizeof(struct process_event) == 256, "four cache lines");

enum quarantine_mode {
	QUARANTINE_DROP = 1,
	/* Counts what it would drop and lets it pass. */
	QUARANTINE_OBSERVE = 2,
	/* Packets beyond the bucket are dropped. */
	QUARANTINE_RATE_LIMIT = 3,
	/* Openings beyond the bucket are dropped; what belongs to an established conversation passes. */
	QUARANTINE_OPENINGS = 4,
	/* As OPENINGS, but a frame whose sender is bound to its link passes. */
	QUARANTINE_GUARD = 5,
};

enum quarantine_role {
	/* The rule is about packets from its addresses. */
	QUARANTINE_SOURCE = 1,
	/* The rule is about packets to its addresses. */
	QUARANTINE_AIM = 2,
};

#define QUARANTINE_ACTS_MAX 8
/* In a rule's `vlan`: the rest is a VXLAN or Geneve network identifier. */
#define QUARANTINE_VNI 0x80000000

/*
 * One act's hold on one rule: what its packets look like and what becomes of them. User space writes the first cache
 * line through a mapping, the deadline last, and the kernel the second. A deadline of 0 makes the place free.
 */
struct quarantine_act {
	__u64 deadline_ns;
	__u64 act_id;
	struct address address;
	__u32 vlan;
	__u32 packets_per_second;
	__u32 burst;
	__u16 port;
	__u8 prefix_length;
	__u8 protocol;
	__u8 role;
	__u8 mode;
	__u16 reserved[7];
	__u64 packets;
	/* When the next packet would be due if all came evenly; see take_token(). */
	__u64 due_ns;
	__u64 reserved_hot[6];
};
_Static_assert(sizeof(struct quarantine_act) == 128, "two cache lines");

/*
 * What the acts of one prefix and role are found by: single addresses by a hash of 64 bits made with the secret of the
 * load, others by the longest prefix. Places of acts, each plus 1, unconditional drops first; 0 ends the list.
 */
struct quarantine_places {
	struct address address;
	__u32 place[QUARANTINE_ACTS_MAX];
};

struct quarantine_prefix {
	/* Bits that count of what follows. */
	__u32 length;
	__u32 role;
	struct address address;
};

#define QUARANTINE_FILTER_BITS 65536

/*
 * How many subjects there are of each kind, so that what there is none of costs no look-up; a filter of single
 * addresses, one bit by the upper bits of the key, so that those of others rarely cost one; and, by the same bits, the
 * place (plus 1) of an act that drops all that one of these addresses sends. That is a hint, since addresses may share
 * their bits: the act itself says whom it is about, and who finds no hint goes by the hash.
 */
struct quarantine_census {
	__u32 source_addresses;
	__u32 aim_addresses;
	__u32 source_prefixes;
	__u32 aim_prefixes;
	__u32 guards;
	__u32 reserved;
	__u64 filter[QUARANTINE_FILTER_BITS / 64];
	__u32 drop_place[QUARANTINE_FILTER_BITS];
};

/* What a probe asks to be taken for granted, behind its nonce. */
enum probe_assumption {
	PROBE_BUCKETS_EMPTY = 1,
	PROBE_ESTABLISHED = 2,
	PROBE_ON_LINK = 4,
};

/* The kill switch: 0, or when it was thrown. While it is not 0 nothing is dropped. */
struct control {
	__u64 halted_ns;
};
_Static_assert(sizeof(struct control) == 8, "one value, changed at once");

/*
 * One per CPU. `seen = delivered + weighted + lost_ring_full + lost_over_budget` at any time outside an update. A
 * reader takes `completed` first and `begun` last, as the kernel copies a value upwards in words: equal means that no
 * update was under way.
 */
struct account {
	__u64 completed;
	__u64 packets;
	__u64 bytes;
	__u64 quarantined_packets;
	__u64 quarantined_bytes;
	__u64 observed_packets;
	__u64 fragments;
	__u64 unmatched_answers;
	__u64 untracked_openings;
	__u64 seen;
	__u64 delivered;
	__u64 weighted;
	__u64 lost_ring_full;
	__u64 fault_truncated_link;
	__u64 fault_vlan_depth;
	__u64 fault_truncated_ip;
	__u64 fault_bad_ip;
	__u64 fault_extension_depth;
	__u64 fault_mapped_source;
	__u64 fault_truncated_transport;
	__u64 fault_bad_transport;
	__u64 fault_bad_quote;
	__u64 fault_label_depth;
	__u64 fault_bad_tunnel;
	__u64 fault_tunnel_depth;
	__u64 fault_bad_arp;
	__u64 lost_over_budget;
	__u64 fragments_untied;
	__u64 tunnelled_packets;
	__u64 sent_packets;
	__u64 sent_bytes;
	__u64 forwarded_packets;
	__u64 helper_failures;
	__u64 begun;
};

/* The same balance for the events of one interface and kind on one CPU. */
struct event_source {
	__u32 interface_index;
	__u32 kind;
};

struct event_account {
	__u64 completed;
	__u64 seen;
	__u64 delivered;
	__u64 weighted;
	__u64 lost_ring_full;
	__u64 lost_over_budget;
	__u64 begun;
};

/* Where a call to the kernel failed: the file's number below, the line of the call, and the errno. */
enum source_file {
	FILE_ACCOUNT_H = 1,
	FILE_BURST_H = 2,
	FILE_CONVERSATION_H = 3,
	FILE_FRAGMENT_H = 4,
	FILE_QUARANTINE_H = 5,
	FILE_REPORT_H = 6,
};

struct call_site {
	__u16 file;
	__u16 line;
	__s32 error;
};

struct process_account {
	__u64 completed;
	__u64 process_seen;
	__u64 process_delivered;
	__u64 process_lost_ring_full;
	__u64 begun;
};

/* Set by the loader before the program is loaded, constant for the verifier afterwards. */
struct settings {
	__u64 probe_nonce[2];
	__u64 burst_window_ns;
	__u32 burst_records_max;
	__u32 ring_records_max;
};

#endif
