/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The door to decoding: from a context to a struct packet. The common packet (Ethernet, at most two tags, IP without
 * extension, TCP or UDP) is read inline; the rest in functions that the verifier checks once each, on their own, so
 * that depth costs it a sum and not a product. One source serves XDP and tc: only the way to the bytes differs.
 */
#ifndef DECODE_H
#define DECODE_H

#include "conversation_key.h"
#include "internet.h"
#include "link.h"
#include "transport.h"
#include "tunnel.h"

/* RFC 826 with Ethernet and IPv4. */
struct arp_packet {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_length;
	__u8 protocol_length;
	__be16 operation;
	__u8 sender_mac[ETH_ALEN];
	__u8 sender[4];
	__u8 target_mac[ETH_ALEN];
	__u8 target[4];
};

struct solicitation {
	struct icmp_header icmp;
	struct address target;
};

static __always_inline struct frame frame_of_xdp(const struct xdp_md *context)
{
	return (struct frame){.start = (void *)(long)context->data, .end = (void *)(long)context->data_end};
}

static __always_inline struct frame frame_of_skb(const struct __sk_buff *context)
{
	return (struct frame){.start = (void *)(long)context->data, .end = (void *)(long)context->data_end};
}

/* ARP as a packet of protocol 255, from sender to target. */
static __always_inline bool decode_arp(const struct frame frame, struct packet *packet)
{
	struct arp_packet *arp = peek(frame, packet, sizeof(*arp));
	__be32 address;

	if (!arp)
		return stop_at(packet, FAULT_BAD_ARP);
	if (arp->hardware != bpf_htons(1) || arp->protocol != bpf_htons(ETH_P_IP) || arp->hardware_length != ETH_ALEN ||
	    arp->protocol_length != sizeof(address))
		return stop_at(packet, FAULT_BAD_ARP);
	packet->protocol = PROTOCOL_NEIGHBOUR_DISCOVERY;
	packet->type = bpf_ntohs(arp->operation) > 0xff ? 0 : bpf_ntohs(arp->operation);
	__builtin_memcpy(&address, arp->sender, sizeof(address));
	packet->source = mapped_address(address);
	__builtin_memcpy(&address, arp->target, sizeof(address));
	packet->destination = mapped_address(address);
	packet->decoded = true;
	return true;
}

static __always_inline bool is_unreachable(const struct packet *packet)
{
	/* "Fragmentation needed" is advice on the way, not a refusal. */
	if (packet->protocol == IPPROTO_ICMP)
		return packet->type == ICMP_DEST_UNREACH && packet->code != ICMP_FRAG_NEEDED;
	if (packet->protocol != IPPROTO_ICMPV6)
		return false;
	/* What ICMP calls "protocol unreachable" (RFC 4443 section 3.4). */
	return packet->type == ICMPV6_DEST_UNREACH ||
	       (packet->type == ICMPV6_PARAMETER_PROBLEM && packet->code == ICMPV6_NEXT_HEADER_UNKNOWN);
}

static __always_inline bool is_discovery(const struct packet *packet)
{
	return packet->protocol == IPPROTO_ICMPV6 &&
	       (packet->type == ICMPV6_SOLICITATION || packet->type == ICMPV6_ADVERTISEMENT);
}

/* Solicitation and advertisement (RFC 4861 section 4.3) as the packets of ARP that they replace. */
static __always_inline bool decode_discovery(const struct frame frame, struct packet *packet)
{
	struct solicitation *message = peek(frame, packet, sizeof(*message));

	if (!message || packet->remaining_bytes < sizeof(*message))
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	packet->protocol = PROTOCOL_NEIGHBOUR_DISCOVERY;
	packet->source_port = 0;
	__builtin_memcpy(packet->type == ICMPV6_SOLICITATION ? &packet->destination : &packet->source, &message->target,
			 sizeof(message->target));
	/* The operation of ARP; an advertisement that nobody asked for is none. */
	packet->type = packet->type == ICMPV6_SOLICITATION ? 1 : (bpf_ntohs(message->icmp.identifier) & 0x4000) ? 2 : 0;
	return true;
}

/*
 * The packet that an ICMP error quotes, as a key with its sender as initiator: addresses, protocol and, where they tell
 * conversations apart, the first eight bytes of its transport, which is what RFC 792 promises.
 */
static __always_inline bool decode_quote(const struct frame frame, const struct packet *error,
					 struct conversation_key *key, __u32 *sequence)
{
	struct packet quoted = {
		.offset = error->offset + sizeof(struct icmp_header),
		.length_bytes = error->length_bytes,
		.end_bytes = error->end_bytes,
		.ether_type = error->protocol == IPPROTO_ICMP ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6),
		.quoted = true,
	};
	__be32 *transport;
	__u32 ports;

	if (!decode_internet(frame, &quoted) || (is_extended(&quoted) && !decode_extensions(frame, &quoted)) ||
	    quoted.later_fragment)
		return false;
	key->initiator = quoted.source;
	key->responder = quoted.destination;
	key->protocol = quoted.protocol;
	if (!has_ports(key->protocol) && !is_icmp(key->protocol))
		return true;
	transport = peek(frame, &quoted, 2 * sizeof(*transport));
	if (!transport || quoted.remaining_bytes < 2 * sizeof(*transport))
		return false;
	ports = bpf_ntohl(transport[0]);
	*sequence = bpf_ntohl(transport[1]);
	if (has_ports(key->protocol)) {
		key->initiator_port = ports >> 16;
		key->responder_port = ports & 0xffff;
	} else {
		key->initiator_port = *sequence >> 16;
		key->responder_port = 0;
	}
	return true;
}

/* What is rare: shims, extension headers, tunnels, discovery, and what ICMP errors quote. Continues where decode()
 * left. */
enum rare {
	RARE_SHIM,
	RARE_EXTENSIONS,
	RARE_TUNNEL,
	RARE_DISCOVERY,
	RARE_QUOTE,
};

static __always_inline bool decode_rare(const struct frame frame, struct packet *packet, struct conversation_key *quote,
					enum rare what)
{
	__u32 sequence = 0;

	switch (what) {
	case RARE_SHIM:
		return decode_shim(frame, packet);
	case RARE_EXTENSIONS:
		return decode_extensions(frame, packet);
	case RARE_DISCOVERY:
		return decode_discovery(frame, packet);
	case RARE_QUOTE:
		if (!decode_quote(frame, packet, quote, &sequence))
			return stop_at(packet, FAULT_BAD_QUOTE);
		packet->sequence = sequence;
		return true;
	case RARE_TUNNEL:
		decode_level(frame, packet);
		return packet->encapsulation != ENCAPSULATION_NONE;
	}
	return false;
}

__noinline int decode_rare_xdp(struct xdp_md *context, struct packet *packet, struct conversation_key *quote, int what)
{
	if (!packet || !quote)
		return 0;
	return decode_rare(frame_of_xdp(context), packet, quote, what);
}

__noinline int decode_rare_skb(struct __sk_buff *context, struct packet *packet, struct conversation_key *quote,
			       int what)
{
	if (!packet || !quote)
		return 0;
	return decode_rare(frame_of_skb(context), packet, quote, what);
}

enum door {
	DOOR_XDP,
	DOOR_INGRESS,
	DOOR_EGRESS,
};

static __always_inline bool go_on(void *context, struct packet *packet, struct conversation_key *quote, enum door door,
				  enum rare what)
{
	return door == DOOR_XDP ? decode_rare_xdp(context, packet, quote, what)
				: decode_rare_skb(context, packet, quote, what);
}

/* As far as it goes: to ports where there are any, else to what `fault` says. */
static __always_inline void decode_outermost(void *context, struct packet *packet, struct conversation_key *quote,
					     enum door door)
{
	const struct frame frame = door == DOOR_XDP ? frame_of_xdp(context) : frame_of_skb(context);

	if (!decode_ethernet(frame, packet))
		return;
	if (is_shim(packet->ether_type) && !go_on(context, packet, quote, door, RARE_SHIM))
		return;
	if (packet->ether_type == bpf_htons(ETH_P_ARP)) {
		decode_arp(frame, packet);
		return;
	}
	if (!is_ip(packet->ether_type) || !decode_internet(frame, packet))
		return;
	if ((is_extended(packet) && !go_on(context, packet, quote, door, RARE_EXTENSIONS)) || packet->later_fragment)
		return;
	decode_transport(frame, packet);
}

static __always_inline void set_outer(struct packet *packet)
{
	packet->outer_source = packet->source;
	packet->outer_destination = packet->destination;
}

static __always_inline void decode_depths(void *context, struct packet *packet, struct conversation_key *quote,
					  enum door door)
{
	set_outer(packet);
	for (int depth = 0; packet->encapsulation && depth < TUNNEL_DEPTH_MAX; depth++)
		go_on(context, packet, quote, door, RARE_TUNNEL);
	if (packet->encapsulation)
		packet->fault = FAULT_TUNNEL_DEPTH;
	if (!packet->decoded)
		return;
	if (is_discovery(packet))
		packet->decoded = go_on(context, packet, quote, door, RARE_DISCOVERY);
	else if (is_unreachable(packet))
		packet->decoded = go_on(context, packet, quote, door, RARE_QUOTE);
}

/*
 * The door. `quote` becomes the conversation that an ICMP error quotes. What is rare comes last, so that a common
 * packet pays one comparison for it.
 */
static __always_inline void decode(void *context, struct packet *packet, struct conversation_key *quote, enum door door)
{
	decode_outermost(context, packet, quote, door);
	if (packet->encapsulation || is_discovery(packet) || is_unreachable(packet))
		decode_depths(context, packet, quote, door);
	else
		set_outer(packet);
}

#endif
