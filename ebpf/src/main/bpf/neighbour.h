/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whether a frame came from whom its source address says: the route to the source leaves by the interface the frame
 * came in by, the next hop is the source itself and not a gateway, and its neighbour entry holds the frame's source
 * MAC. Such a source can be forged only by who holds that MAC on that link. Needs a host that forwards
 * (net/core/filter.c, bpf_ipv4_fib_lookup()); others never say so.
 */
#ifndef NEIGHBOUR_H
#define NEIGHBOUR_H

#include "decode.h"

#define AF_INET 2
#define AF_INET6 10

static __always_inline bool is_on_link(void *context, const struct frame frame, const struct packet *packet)
{
	struct bpf_fib_lookup route = {};
	struct ethhdr *ethernet = frame.start;
	bool v4 = is_mapped(&packet->source);
	__u16 from[3];
	__u16 bound[3];
	struct address next_hop;
	__be32 source_v4 = bpf_htonl((__u32)bpf_be64_to_cpu(packet->source.low));

	if (packet->tunnels || (void *)(ethernet + 1) > frame.end)
		return false;
	__builtin_memcpy(from, ethernet->h_source, sizeof(from));
	route.ifindex = packet->interface_index;
	if (v4) {
		route.family = AF_INET;
		route.ipv4_dst = source_v4;
	} else {
		route.family = AF_INET6;
		__builtin_memcpy(route.ipv6_dst, &packet->source, sizeof(packet->source));
	}

	/* Every other answer, an error included, says that this is no neighbour: not a failure. */
	if (bpf_fib_lookup(context, &route, sizeof(route), 0) != BPF_FIB_LKUP_RET_SUCCESS ||
	    route.ifindex != packet->interface_index)
		return false;
	__builtin_memcpy(&next_hop, route.ipv6_dst, sizeof(next_hop));
	if (v4 ? route.ipv4_dst != source_v4 : !same_address(&next_hop, &packet->source))
		return false;
	__builtin_memcpy(bound, route.dmac, sizeof(bound));
	return from[0] == bound[0] && from[1] == bound[1] && from[2] == bound[2];
}

__noinline int is_on_link_xdp(struct xdp_md *context, const struct packet *packet)
{
	return packet && is_on_link(context, frame_of_xdp(context), packet);
}

__noinline int is_on_link_skb(struct __sk_buff *context, const struct packet *packet)
{
	return packet && is_on_link(context, frame_of_skb(context), packet);
}

#endif
