/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* IPv4 and IPv6: addresses, fragments, and the way past options and extension headers. */
#ifndef INTERNET_H
#define INTERNET_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "packet.h"

#define EXTENSION_DEPTH_MAX 6
#define IPV4_OFFSET_MASK 0x1fff
#define IPV4_MORE_FRAGMENTS 0x2000
#define IPV6_OFFSET_MASK 0xfff8
#define IPV6_MORE_FRAGMENTS 1
#define PROTOCOL_MOBILITY 135
#define PROTOCOL_HIP 139
#define PROTOCOL_SHIM6 140

/* Hop-by-hop, routing, destination options, fragment and AH begin alike (RFC 8200 section 4, RFC 4302). */
struct extension_header {
	__u8 next;
	__u8 length;
	__be16 fragment;
	__be32 rest;
};

/*
 * Check the length that the header claims against the frame. A length of 0 in a frame longer than 65535 bytes is the
 * kernel's own (BIG TCP), not a lie.
 */
static __always_inline bool decode_length(struct packet *packet, __u32 claimed_bytes, __u32 header_bytes, bool zero)
{
	__u32 present = packet->end_bytes - packet->offset;

	if ((zero && packet->length_bytes > 0xffff) || packet->quoted)
		claimed_bytes = present;
	if (packet->offset > packet->end_bytes || claimed_bytes > present || claimed_bytes < header_bytes)
		return stop_at(packet, FAULT_BAD_IP);
	packet->end_bytes = packet->offset + claimed_bytes;
	packet->remaining_bytes = claimed_bytes - header_bytes;
	return true;
}

static __always_inline bool decode_ipv4(const struct frame frame, struct packet *packet)
{
	struct iphdr *ip = peek(frame, packet, sizeof(*ip));
	__u32 header_bytes;
	__u16 fragment;

	if (!ip)
		return stop_at(packet, FAULT_TRUNCATED_IP);
	if (ip->version != 4)
		return stop_at(packet, FAULT_BAD_IP);
	packet->source = mapped_address(ip->saddr);
	packet->destination = mapped_address(ip->daddr);
	packet->addressed = true;

	header_bytes = ip->ihl * 4;
	if (header_bytes < sizeof(*ip))
		return stop_at(packet, FAULT_BAD_IP);
	if (!decode_length(packet, bpf_ntohs(ip->tot_len), header_bytes, ip->tot_len == 0))
		return false;

	fragment = bpf_ntohs(ip->frag_off);
	packet->later_fragment = fragment & IPV4_OFFSET_MASK;
	packet->more_fragments = fragment & IPV4_MORE_FRAGMENTS;
	packet->fragment_id = ip->id;
	packet->protocol = ip->protocol;
	packet->offset += header_bytes;
	return true;
}

static __always_inline bool decode_ipv6(const struct frame frame, struct packet *packet)
{
	struct ipv6hdr *ip = peek(frame, packet, sizeof(*ip));

	if (!ip)
		return stop_at(packet, FAULT_TRUNCATED_IP);
	if (ip->version != 6)
		return stop_at(packet, FAULT_BAD_IP);
	__builtin_memcpy(&packet->source, &ip->saddr, sizeof(packet->source));
	__builtin_memcpy(&packet->destination, &ip->daddr, sizeof(packet->destination));
	/* Would frame an IPv4 host; Linux drops them too (net/ipv6/ip6_input.c, ip6_rcv_core()). */
	if (is_mapped(&packet->source) || is_mapped(&packet->destination))
		return stop_at(packet, FAULT_MAPPED_SOURCE);
	packet->addressed = true;

	if (!decode_length(packet, sizeof(*ip) + bpf_ntohs(ip->payload_len), sizeof(*ip), ip->payload_len == 0))
		return false;
	packet->later_fragment = false;
	packet->more_fragments = false;
	packet->protocol = ip->nexthdr;
	packet->offset += sizeof(*ip);
	return true;
}

static __always_inline bool is_ip(__be16 ether_type)
{
	return ether_type == bpf_htons(ETH_P_IP) || ether_type == bpf_htons(ETH_P_IPV6);
}

/* To behind the fixed header of IPv6, or behind the whole header of IPv4. */
static __always_inline bool decode_internet(const struct frame frame, struct packet *packet)
{
	return packet->ether_type == bpf_htons(ETH_P_IP) ? decode_ipv4(frame, packet) : decode_ipv6(frame, packet);
}

/* AH stands behind IPv4 too (RFC 4302 section 3.1.1); the others are IPv6's alone. */
static __always_inline bool is_extended(const struct packet *packet)
{
	__u8 protocol = packet->protocol;

	if (protocol == IPPROTO_AH)
		return true;
	return packet->ether_type == bpf_htons(ETH_P_IPV6) &&
	       (protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_FRAGMENT ||
		protocol == IPPROTO_DSTOPTS || protocol == PROTOCOL_MOBILITY || protocol == PROTOCOL_HIP ||
		protocol == PROTOCOL_SHIM6);
}

static __always_inline __u32 extension_length(__u8 protocol, const struct extension_header *header)
{
	if (protocol == IPPROTO_FRAGMENT)
		return sizeof(*header);
	if (protocol == IPPROTO_AH)
		return (header->length + 2) * 4;
	return (header->length + 1) * 8;
}

static __always_inline bool decode_extensions(const struct frame frame, struct packet *packet)
{
	for (int depth = 0; depth < EXTENSION_DEPTH_MAX; depth++) {
		struct extension_header *header;
		__u32 length;

		if (!is_extended(packet))
			return true;
		header = peek(frame, packet, sizeof(*header));
		if (!header)
			return stop_at(packet, FAULT_TRUNCATED_IP);
		length = extension_length(packet->protocol, header);
		if (length > packet->remaining_bytes)
			return stop_at(packet, FAULT_BAD_IP);
		if (packet->protocol == IPPROTO_FRAGMENT) {
			__u16 fragment = bpf_ntohs(header->fragment);

			packet->more_fragments = fragment & IPV6_MORE_FRAGMENTS;
			packet->later_fragment = fragment & IPV6_OFFSET_MASK;
			packet->fragment_id = header->rest;
		}
		packet->protocol = header->next;
		packet->remaining_bytes -= length;
		packet->offset += length;
		if (packet->later_fragment)
			return true;
	}
	return is_extended(packet) ? stop_at(packet, FAULT_EXTENSION_DEPTH) : true;
}

#endif
