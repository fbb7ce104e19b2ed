/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* From a frame's first byte to its network header: Ethernet, VLAN tags, and what may be put between (shims). */
#ifndef LINK_H
#define LINK_H

#include <linux/if_ether.h>

#include "packet.h"

#define VLAN_DEPTH_MAX 2
#define LABEL_DEPTH_MAX 8
/* QinQ before 802.1ad had a number. */
#define ETH_P_QINQ 0x9100
#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057
#define SNAP_HEADER_BYTES 8

struct vlan_header {
	__be16 tag;
	__be16 ether_type;
};

/* RFC 2516 section 4, then RFC 1661 section 2. */
struct pppoe_header {
	__u8 version_type;
	__u8 code;
	__be16 session;
	__be16 length;
	__be16 protocol;
};

static __always_inline bool is_vlan(__be16 ether_type)
{
	return ether_type == bpf_htons(ETH_P_8021Q) || ether_type == bpf_htons(ETH_P_8021AD) ||
	       ether_type == bpf_htons(ETH_P_QINQ);
}

static __always_inline bool is_mpls(__be16 ether_type)
{
	return ether_type == bpf_htons(ETH_P_MPLS_UC) || ether_type == bpf_htons(ETH_P_MPLS_MC);
}

/* Something between link and network header: labels, a PPP session, or 802.3 with a SNAP header. */
static __always_inline bool is_shim(__be16 ether_type)
{
	return is_mpls(ether_type) || ether_type == bpf_htons(ETH_P_PPP_SES) || bpf_ntohs(ether_type) < ETH_P_802_3_MIN;
}

static __always_inline bool decode_ethernet(const struct frame frame, struct packet *packet)
{
	struct ethhdr *ethernet = take(frame, packet, sizeof(*ethernet));

	if (!ethernet)
		return stop_at(packet, FAULT_TRUNCATED_LINK);
	packet->ether_type = ethernet->h_proto;

#pragma unroll
	for (int depth = 0; depth < VLAN_DEPTH_MAX; depth++) {
		struct vlan_header *vlan;

		if (!is_vlan(packet->ether_type))
			return true;
		vlan = take(frame, packet, sizeof(*vlan));
		if (!vlan)
			return stop_at(packet, FAULT_TRUNCATED_LINK);
		if (depth == 0 && !packet->tunnels && !packet->vlan)
			packet->vlan = bpf_ntohs(vlan->tag) & 0xfff;
		packet->ether_type = vlan->ether_type;
	}
	return is_vlan(packet->ether_type) ? stop_at(packet, FAULT_VLAN_DEPTH) : true;
}

/* RFC 3032: labels down to the bottom of the stack. What lies below is not named and told by its first four bits. */
static __always_inline bool decode_labels(const struct frame frame, struct packet *packet)
{
	__u8 *below;

	for (int depth = 0; depth < LABEL_DEPTH_MAX; depth++) {
		__be32 *label = take(frame, packet, sizeof(*label));

		if (!label)
			return stop_at(packet, FAULT_TRUNCATED_LINK);
		if (!(*label & bpf_htonl(0x100)))
			continue;
		below = peek(frame, packet, 1);
		if (!below)
			return stop_at(packet, FAULT_TRUNCATED_LINK);
		packet->ether_type = *below >> 4 == 4	? bpf_htons(ETH_P_IP)
				     : *below >> 4 == 6 ? bpf_htons(ETH_P_IPV6)
							: 0;
		return true;
	}
	return stop_at(packet, FAULT_LABEL_DEPTH);
}

static __always_inline bool decode_pppoe(const struct frame frame, struct packet *packet)
{
	struct pppoe_header *header = take(frame, packet, sizeof(*header));

	if (!header)
		return stop_at(packet, FAULT_TRUNCATED_LINK);
	packet->ether_type = header->protocol == bpf_htons(PPP_IPV4)   ? bpf_htons(ETH_P_IP)
			     : header->protocol == bpf_htons(PPP_IPV6) ? bpf_htons(ETH_P_IPV6)
								       : 0;
	return true;
}

/* RFC 1042: LLC AA AA 03, organisation 0, then an EtherType as in Ethernet. Other LLC is not IP. */
static __always_inline bool decode_snap(const struct frame frame, struct packet *packet)
{
	__be16 *header = take(frame, packet, SNAP_HEADER_BYTES);

	packet->ether_type = 0;
	if (header && header[0] == bpf_htons(0xaaaa) && header[1] == bpf_htons(0x0300) && header[2] == 0)
		packet->ether_type = header[3];
	return true;
}

static __always_inline bool decode_shim(const struct frame frame, struct packet *packet)
{
	if (is_mpls(packet->ether_type))
		return decode_labels(frame, packet);
	if (packet->ether_type == bpf_htons(ETH_P_PPP_SES))
		return decode_pppoe(frame, packet);
	return decode_snap(frame, packet);
}

#endif
