/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef PACKET_H
#define PACKET_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "aswarm_events.h"

/* What one run of the program learns about its packet. */
struct packet {
	/* NULL for a probe, which counts nothing and reports nothing. */
	struct account *account;
	void *start;
	void *cursor;
	void *end;
	__u64 now_ns;
	struct address source;
	struct address destination;
	/* Bytes of the frame, those beyond the linear part included. */
	__u32 length_bytes;
	/* Bytes of the IP packet from the cursor on, as its header has it. */
	__u32 remaining_bytes;
	__u32 interface_index;
	__u32 sequence;
	__u32 acknowledgment;
	__u16 source_port;
	__u16 destination_port;
	__u16 vlan;
	__be16 ether_type;
	__u8 protocol;
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 icmp_code;
	bool later_fragment;
	bool more_fragments;
	bool contained;
};

/* The next bytes of the packet, or NULL when it ends before. */
static __always_inline void *take(struct packet *packet, __u32 length)
{
	void *at = packet->cursor;

	if (at + length > packet->end)
		return NULL;
	packet->cursor = at + length;
	return at;
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
