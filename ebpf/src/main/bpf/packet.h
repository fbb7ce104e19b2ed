/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the programs learn of a packet, and how they reach its bytes. Nothing in struct packet points into the frame, so
 * that it can be handed to functions which the verifier checks on their own (global functions): those take the context,
 * find the frame again from it, and read at `offset`.
 */
#ifndef PACKET_H
#define PACKET_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "aswarm_events.h"

/* Headers are not looked for further behind the start of a frame; keeps pointers within what the verifier allows. */
#define OFFSET_MAX 0x3fff

/* Why decoding stopped. In the order of the counters fault_* of struct account, from fault_truncated_link on. */
enum fault {
	FAULT_NONE,
	FAULT_TRUNCATED_LINK,
	FAULT_VLAN_DEPTH,
	FAULT_TRUNCATED_IP,
	FAULT_BAD_IP,
	FAULT_EXTENSION_DEPTH,
	FAULT_MAPPED_SOURCE,
	FAULT_TRUNCATED_TRANSPORT,
	FAULT_BAD_TRANSPORT,
	FAULT_BAD_QUOTE,
	FAULT_LABEL_DEPTH,
	FAULT_BAD_TUNNEL,
	FAULT_TUNNEL_DEPTH,
	FAULT_BAD_ARP,
};

/* What a header announces as its payload. */
enum encapsulation {
	ENCAPSULATION_NONE,
	ENCAPSULATION_IPV4,
	ENCAPSULATION_IPV6,
	ENCAPSULATION_GRE,
	ENCAPSULATION_VXLAN,
	ENCAPSULATION_GENEVE,
	ENCAPSULATION_TEREDO,
	ENCAPSULATION_GTP,
};

struct packet {
	/* Of this CPU. NULL for a probe, which counts nothing and reports nothing. Not to be used while decoding. */
	struct account *account;
	/* 0 until somebody asks packet_now(). */
	__u64 now_ns;
	/* Innermost addresses that could be decoded: those of the record. */
	struct address source;
	struct address destination;
	/* Those of the first IP header; the same where there is no tunnel. A quarantine looks at both. */
	struct address outer_source;
	struct address outer_destination;
	/* Bytes of the frame, those beyond the linear part included. */
	__u32 length_bytes;
	/* Where the innermost IP packet, or else the frame, ends. */
	__u32 end_bytes;
	/* Of the next header. */
	__u32 offset;
	/* Bytes of the IP packet from the offset on, as its header has it. */
	__u32 remaining_bytes;
	__u32 interface_index;
	/* TCP; for SCTP the initiate tag of an INIT or INIT ACK, and the verification tag. */
	__u32 sequence;
	__u32 acknowledgment;
	__u32 fragment_id;
	/* VXLAN or Geneve network identifier of the innermost tunnel that has one. */
	__u32 network_id;
	__u16 source_port;
	__u16 destination_port;
	/* Of the outermost tag. */
	__u16 vlan;
	__be16 ether_type;
	__u8 protocol;
	__u8 tcp_flags;
	/* That are in the packet, options included: a first fragment may hold less than all. 0 for what is not TCP. */
	__u8 tcp_header_bytes;
	/* Of ICMP and ICMPv6; for SCTP the first chunk's type and flags; for ARP the operation. */
	__u8 type;
	__u8 code;
	__u8 fault;
	__u8 encapsulation;
	__u8 tunnels;
	/* Addresses are known, whatever else is wrong. */
	bool addressed;
	bool later_fragment;
	bool more_fragments;
	/* The packet was decoded to its ports, and its meaning can be told. */
	bool decoded;
	/* Inside an ICMP error: cut short by whoever quotes, so lengths are not held against the frame. */
	bool quoted;
	bool contained;
};

/* A tunnel has two senders, and neighbour discovery speaks of another than who sends it. */
static __always_inline bool has_outer(const struct packet *packet)
{
	return packet->tunnels || packet->protocol == PROTOCOL_NEIGHBOUR_DISCOVERY;
}

/* A frame in memory, linear part only. */
struct frame {
	void *start;
	void *end;
};

/* The next bytes of the packet, or NULL when it ends before. */
static __always_inline void *peek(const struct frame frame, const struct packet *packet, __u32 length)
{
	__u32 offset = packet->offset;
	void *at;

	if (offset > OFFSET_MAX)
		return NULL;
	at = frame.start + offset;
	return at + length > frame.end ? NULL : at;
}

static __always_inline void *take(const struct frame frame, struct packet *packet, __u32 length)
{
	void *at = peek(frame, packet, length);

	if (at)
		packet->offset += length;
	return at;
}

/* Always false: what is left of the packet is not decoded, and this is why. */
static __always_inline bool stop_at(struct packet *packet, enum fault fault)
{
	packet->fault = fault;
	return false;
}

/* CLOCK_MONOTONIC, read once and only for packets that somebody wants to date. */
static __always_inline __u64 packet_now(struct packet *packet)
{
	if (!packet->now_ns)
		packet->now_ns = bpf_ktime_get_ns();
	return packet->now_ns;
}

static __always_inline bool same_address(const struct address *a, const struct address *b)
{
	return a->high == b->high && a->low == b->low;
}

static __always_inline struct address mapped_address(__be32 v4)
{
	struct address address = {
		.high = 0,
		.low = bpf_cpu_to_be64(0x0000ffff00000000ULL | bpf_ntohl(v4)),
	};

	return address;
}

static __always_inline bool is_mapped(const struct address *address)
{
	return address->high == 0 && bpf_be64_to_cpu(address->low) >> 32 == 0xffff;
}

/* Multicast and limited broadcast: nobody in particular is asked, so silence says nothing. */
static __always_inline bool is_group(const struct address *address)
{
	__u32 v4 = bpf_be64_to_cpu(address->low);

	if (is_mapped(address))
		return v4 >> 28 == 0xe || v4 == 0xffffffff;
	return bpf_be64_to_cpu(address->high) >> 56 == 0xff;
}

#endif
