/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What carries an IP packet inside another: IPIP, 6in4, 4in6 (RFC 2003, 4213, 2473), GRE and ERSPAN (RFC 2784, 2890,
 * draft-foschiano-erspan), VXLAN (RFC 7348), Geneve (RFC 8926), Teredo to its servers (RFC 4380), and the user data of
 * GTP (3GPP TS 29.281), to a depth of TUNNEL_DEPTH_MAX.
 *
 * A record tells the innermost addresses, a quarantine looks at the outermost and the innermost. What is announced as a
 * tunnel but holds no IP packet is judged by its outer addresses alone; so is Teredo between relays, which only a guess
 * can tell from other UDP (RFC 4380 section 5.2).
 */
#ifndef TUNNEL_H
#define TUNNEL_H

#include "internet.h"
#include "link.h"
#include "transport.h"

#define TUNNEL_DEPTH_MAX 4
#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING 0x4000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_VERSION_MASK 0x0007
#define ERSPAN_II_BYTES 8
#define ERSPAN_III_BYTES 12
#define ERSPAN_III_SUBHEADER_BYTES 8
#define ERSPAN_III_FRAME_TYPE 0x7c00
#define VXLAN_VNI_VALID 0x08
#define GENEVE_OPTION_WORDS 0x3f
#define TEREDO_INDICATION_BYTES 4
#define TEREDO_AUTHENTICATION 0x0001
/* Its header, nonce and confirmation, and what the two lengths do not count. */
#define TEREDO_AUTHENTICATION_BYTES 13
#define TEREDO_ORIGIN_BYTES 8
#define GTP_VERSION_MASK 0xf0
#define GTP_VERSION 0x30
#define GTP_EXTENDED 0x04
#define GTP_OPTIONAL 0x07
#define GTP_OPTIONAL_BYTES 4
#define GTP_USER_DATA 255
#define GTP_EXTENSION_DEPTH_MAX 4

struct gre_header {
	__be16 flags;
	__be16 protocol;
};

struct network_header {
	__u8 flags;
	__u8 reserved;
	__be16 protocol;
	__be32 network_id;
};

struct gtp_header {
	__u8 flags;
	__u8 type;
	__be16 length;
	__be32 tunnel_id;
};

/* IPv4 or IPv6, by the first four bits of what is next. */
static __always_inline __be16 named_by_itself(const struct frame frame, const struct packet *packet)
{
	__u8 *first = peek(frame, packet, 1);

	if (!first)
		return 0;
	return *first >> 4 == 4 ? bpf_htons(ETH_P_IP) : *first >> 4 == 6 ? bpf_htons(ETH_P_IPV6) : 0;
}

static __always_inline __be16 open_erspan(const struct frame frame, struct packet *packet, const struct gre_header gre)
{
	__be16 *header;

	if (gre.protocol == bpf_htons(ETH_P_ERSPAN)) {
		/* Type I has neither sequence number nor header. */
		if (gre.flags & bpf_htons(GRE_SEQUENCE))
			packet->offset += ERSPAN_II_BYTES;
		return bpf_htons(ETH_P_TEB);
	}
	header = take(frame, packet, ERSPAN_III_BYTES);
	if (!header || (header[5] & bpf_htons(ERSPAN_III_FRAME_TYPE)))
		return 0;
	if (header[5] & bpf_htons(1))
		packet->offset += ERSPAN_III_SUBHEADER_BYTES;
	return bpf_htons(ETH_P_TEB);
}

static __always_inline __be16 open_gre(const struct frame frame, struct packet *packet)
{
	struct gre_header *at = take(frame, packet, sizeof(*at));
	struct gre_header gre;

	if (!at)
		return 0;
	gre = *at;
	if (gre.flags & bpf_htons(GRE_ROUTING | GRE_VERSION_MASK))
		return 0;
	packet->offset += ((gre.flags & bpf_htons(GRE_CHECKSUM)) ? 4 : 0) + ((gre.flags & bpf_htons(GRE_KEY)) ? 4 : 0) +
			  ((gre.flags & bpf_htons(GRE_SEQUENCE)) ? 4 : 0);
	if (gre.protocol == bpf_htons(ETH_P_ERSPAN) || gre.protocol == bpf_htons(ETH_P_ERSPAN2))
		return open_erspan(frame, packet, gre);
	return gre.protocol;
}

static __always_inline __be16 open_network(const struct frame frame, struct packet *packet, bool is_vxlan)
{
	struct network_header *header;

	packet->offset += sizeof(struct udphdr);
	header = take(frame, packet, sizeof(*header));
	if (!header)
		return 0;
	packet->network_id = bpf_ntohl(header->network_id) >> 8;
	if (is_vxlan)
		return header->flags & VXLAN_VNI_VALID ? bpf_htons(ETH_P_TEB) : 0;
	if (header->flags >> 6)
		return 0;
	packet->offset += (header->flags & GENEVE_OPTION_WORDS) * 4;
	return header->protocol;
}

/* RFC 4380 section 5.1.1: the packet, behind an authentication, an origin, both or neither. */
static __always_inline __be16 open_teredo(const struct frame frame, struct packet *packet)
{
	__u8 *indication;

	packet->offset += sizeof(struct udphdr);
	indication = peek(frame, packet, TEREDO_INDICATION_BYTES);
	if (indication && indication[0] == 0 && indication[1] == TEREDO_AUTHENTICATION)
		packet->offset += TEREDO_AUTHENTICATION_BYTES + indication[2] + indication[3];
	indication = peek(frame, packet, TEREDO_INDICATION_BYTES);
	if (indication && indication[0] == 0 && indication[1] == 0)
		packet->offset += TEREDO_ORIGIN_BYTES;
	return named_by_itself(frame, packet) == bpf_htons(ETH_P_IPV6) ? bpf_htons(ETH_P_IPV6) : 0;
}

/* 3GPP TS 29.281 section 5: each extension header tells its length in words first, and the next one's type last. */
static __always_inline bool skip_gtp_extensions(const struct frame frame, struct packet *packet, __u8 next)
{
	for (int depth = 0; depth < GTP_EXTENSION_DEPTH_MAX && next; depth++) {
		__u8 *words = peek(frame, packet, 1);
		__u8 *last;

		if (!words || *words == 0)
			return false;
		packet->offset += *words * 4 - 1;
		last = take(frame, packet, 1);
		if (!last)
			return false;
		next = *last;
	}
	return !next;
}

static __always_inline __be16 open_gtp(const struct frame frame, struct packet *packet)
{
	struct gtp_header *header;
	__u8 *optional;
	__u8 flags;

	packet->offset += sizeof(struct udphdr);
	header = take(frame, packet, sizeof(*header));
	if (!header || (header->flags & GTP_VERSION_MASK) != GTP_VERSION || header->type != GTP_USER_DATA)
		return 0;
	flags = header->flags;
	if (flags & GTP_OPTIONAL) {
		optional = take(frame, packet, GTP_OPTIONAL_BYTES);
		if (!optional)
			return 0;
		if ((flags & GTP_EXTENDED) && !skip_gtp_extensions(frame, packet, optional[3]))
			return 0;
	}
	return named_by_itself(frame, packet);
}

/* To the first byte of what is carried; its EtherType, or 0 when it is nothing that can be decoded. */
static __always_inline __be16 open_tunnel(const struct frame frame, struct packet *packet)
{
	switch (packet->encapsulation) {
	case ENCAPSULATION_IPV4:
		return bpf_htons(ETH_P_IP);
	case ENCAPSULATION_IPV6:
		return bpf_htons(ETH_P_IPV6);
	case ENCAPSULATION_GRE:
		return open_gre(frame, packet);
	case ENCAPSULATION_VXLAN:
		return open_network(frame, packet, true);
	case ENCAPSULATION_GENEVE:
		return open_network(frame, packet, false);
	case ENCAPSULATION_TEREDO:
		return open_teredo(frame, packet);
	case ENCAPSULATION_GTP:
		return open_gtp(frame, packet);
	default:
		return 0;
	}
}

static __always_inline void decode_carried(const struct frame frame, struct packet *inner)
{
	__be16 carried = open_tunnel(frame, inner);

	inner->ether_type = carried;
	inner->encapsulation = ENCAPSULATION_NONE;
	if (!carried || (carried == bpf_htons(ETH_P_TEB) && !decode_ethernet(frame, inner)))
		return;
	if (is_shim(inner->ether_type) && !decode_shim(frame, inner))
		return;
	if (!is_ip(inner->ether_type) || !decode_internet(frame, inner))
		return;
	if ((is_extended(inner) && !decode_extensions(frame, inner)) || inner->later_fragment)
		return;
	decode_transport(frame, inner);
}

/* One level further in. What does not hold an IP packet leaves the packet as it was, judged by what is known already.
 */
static __always_inline void decode_level(const struct frame frame, struct packet *packet)
{
	struct packet inner = *packet;

	inner.tunnels++;
	inner.addressed = false;
	inner.decoded = false;
	inner.source_port = 0;
	inner.destination_port = 0;
	inner.tcp_flags = 0;
	inner.tcp_header_bytes = 0;
	inner.protocol = 0;
	decode_carried(frame, &inner);
	packet->encapsulation = ENCAPSULATION_NONE;
	if (inner.addressed)
		*packet = inner;
	else if (inner.fault)
		packet->fault = FAULT_BAD_TUNNEL;
}

#endif
