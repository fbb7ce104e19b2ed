/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * From a frame to addresses, and from there to ports. Two steps, since the source is looked up in the quarantine as
 * soon as it is known: a header that lies further on must not save its sender.
 */
#ifndef DECODE_H
#define DECODE_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "account.h"
#include "packet.h"

#define VLAN_DEPTH_MAX 2
#define EXTENSION_DEPTH_MAX 6
#define IPV4_OFFSET_MASK 0x1fff
#define IPV4_MORE_FRAGMENTS 0x2000
#define IPV6_OFFSET_MASK 0xfff8
#define IPV6_MORE_FRAGMENTS 1
/* linux/icmp.h can not be included: it asks for libc. */
#define ICMP_ECHOREPLY 0
#define ICMP_DEST_UNREACH 3
#define ICMP_FRAG_NEEDED 4
#define ICMP_ECHO 8
#define ICMPV6_DEST_UNREACH 1
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY 129
#define PROTOCOL_MOBILITY 135
#define PROTOCOL_HIP 139
#define PROTOCOL_SHIM6 140

struct icmp_header {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be16 identifier;
	__be16 sequence;
};

struct vlan_header {
	__be16 tag;
	__be16 ether_type;
};

/* Hop-by-hop, routing, destination options, fragment and AH begin alike (RFC 8200 section 4, RFC 4302). */
struct extension_header {
	__u8 next;
	__u8 length;
	__be16 fragment;
	__be32 rest;
};

static __always_inline bool is_vlan(__be16 ether_type)
{
	return ether_type == bpf_htons(ETH_P_8021Q) || ether_type == bpf_htons(ETH_P_8021AD);
}

static __always_inline bool decode_link(struct packet *packet)
{
	struct ethhdr *ethernet = take(packet, sizeof(*ethernet));

	if (!ethernet) {
		COUNT(packet, fault_truncated_link);
		return false;
	}
	packet->ether_type = ethernet->h_proto;

#pragma unroll
	for (int depth = 0; depth < VLAN_DEPTH_MAX; depth++) {
		struct vlan_header *vlan;

		if (!is_vlan(packet->ether_type))
			return true;
		vlan = take(packet, sizeof(*vlan));
		if (!vlan) {
			COUNT(packet, fault_truncated_link);
			return false;
		}
		if (depth == 0)
			packet->vlan = bpf_ntohs(vlan->tag) & 0xfff;
		packet->ether_type = vlan->ether_type;
	}

	if (is_vlan(packet->ether_type)) {
		COUNT(packet, fault_vlan_depth);
		return false;
	}
	return true;
}

/* Addresses from the fixed part of the IP header; the cursor stays before it. */
static __always_inline bool decode_addresses(struct packet *packet)
{
	if (packet->ether_type == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = packet->cursor;

		if ((void *)(ip + 1) > packet->end) {
			COUNT(packet, fault_truncated_ip);
			return false;
		}
		if (ip->version != 4) {
			COUNT(packet, fault_bad_ip);
			return false;
		}
		packet->source = mapped_address(ip->saddr);
		packet->destination = mapped_address(ip->daddr);
		return true;
	}

	if (packet->ether_type == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip = packet->cursor;

		if ((void *)(ip + 1) > packet->end) {
			COUNT(packet, fault_truncated_ip);
			return false;
		}
		if (ip->version != 6) {
			COUNT(packet, fault_bad_ip);
			return false;
		}
		__builtin_memcpy(&packet->source, &ip->saddr, sizeof(packet->source));
		__builtin_memcpy(&packet->destination, &ip->daddr, sizeof(packet->destination));
		/* Would frame an IPv4 host; Linux drops them too (net/ipv6/ip6_input.c, ip6_rcv_core()). */
		if (is_mapped(&packet->source) || is_mapped(&packet->destination)) {
			COUNT(packet, fault_mapped_source);
			return false;
		}
		return true;
	}
	return false;
}

/*
 * Check the length that the header claims against the frame. A length of 0 in a frame longer than 65535 bytes is the
 * kernel's own (BIG TCP), not a lie.
 */
static __always_inline bool decode_length(struct packet *packet, __u32 claimed_bytes, __u32 header_bytes, bool zero)
{
	__u32 offset = packet->cursor - packet->start;
	__u32 present = packet->length_bytes - offset;

	if (zero && packet->length_bytes > 0xffff)
		claimed_bytes = present;
	if (offset > packet->length_bytes || claimed_bytes > present || claimed_bytes < header_bytes) {
		COUNT(packet, fault_bad_ip);
		return false;
	}
	packet->remaining_bytes = claimed_bytes - header_bytes;
	return true;
}

static __always_inline bool decode_ipv4(struct packet *packet)
{
	struct iphdr *ip = packet->cursor;
	__u32 header_bytes;
	__u16 fragment;

	if ((void *)(ip + 1) > packet->end)
		return false;
	header_bytes = ip->ihl * 4;
	if (header_bytes < sizeof(*ip)) {
		COUNT(packet, fault_bad_ip);
		return false;
	}
	if (!decode_length(packet, bpf_ntohs(ip->tot_len), header_bytes, ip->tot_len == 0))
		return false;

	fragment = bpf_ntohs(ip->frag_off);
	packet->later_fragment = fragment & IPV4_OFFSET_MASK;
	packet->more_fragments = fragment & IPV4_MORE_FRAGMENTS;
	packet->protocol = ip->protocol;
	packet->cursor += header_bytes;
	return true;
}

static __always_inline bool is_extension(__u8 protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_FRAGMENT ||
	       protocol == IPPROTO_DSTOPTS || protocol == IPPROTO_AH || protocol == PROTOCOL_MOBILITY ||
	       protocol == PROTOCOL_HIP || protocol == PROTOCOL_SHIM6;
}

static __always_inline __u32 extension_length(__u8 protocol, const struct extension_header *header)
{
	if (protocol == IPPROTO_FRAGMENT)
		return sizeof(*header);
	if (protocol == IPPROTO_AH)
		return (header->length + 2) * 4;
	return (header->length + 1) * 8;
}

static __always_inline bool decode_ipv6(struct packet *packet)
{
	struct ipv6hdr *ip = packet->cursor;

	if ((void *)(ip + 1) > packet->end)
		return false;
	if (!decode_length(packet, sizeof(*ip) + bpf_ntohs(ip->payload_len), sizeof(*ip), ip->payload_len == 0))
		return false;
	packet->protocol = ip->nexthdr;
	packet->cursor += sizeof(*ip);

	for (int depth = 0; depth < EXTENSION_DEPTH_MAX; depth++) {
		struct extension_header *header = packet->cursor;
		__u32 length;

		if (!is_extension(packet->protocol))
			return true;
		if ((void *)(header + 1) > packet->end) {
			COUNT(packet, fault_truncated_ip);
			return false;
		}
		length = extension_length(packet->protocol, header);
		if (length > packet->remaining_bytes) {
			COUNT(packet, fault_bad_ip);
			return false;
		}
		if (packet->protocol == IPPROTO_FRAGMENT) {
			__u16 fragment = bpf_ntohs(header->fragment);

			packet->more_fragments = fragment & IPV6_MORE_FRAGMENTS;
			if (fragment & IPV6_OFFSET_MASK) {
				packet->later_fragment = true;
				return true;
			}
		}
		packet->protocol = header->next;
		packet->remaining_bytes -= length;
		packet->cursor += length;
	}

	if (is_extension(packet->protocol)) {
		COUNT(packet, fault_extension_depth);
		return false;
	}
	return true;
}

static __always_inline bool decode_tcp(struct packet *packet)
{
	struct tcphdr *tcp = take(packet, sizeof(*tcp));
	__u32 header_bytes;

	if (!tcp || packet->remaining_bytes < sizeof(*tcp)) {
		COUNT(packet, fault_truncated_transport);
		return false;
	}
	header_bytes = tcp->doff * 4;
	if (header_bytes < sizeof(*tcp) || header_bytes > packet->remaining_bytes) {
		COUNT(packet, fault_bad_transport);
		return false;
	}
	packet->source_port = bpf_ntohs(tcp->source);
	packet->destination_port = bpf_ntohs(tcp->dest);
	packet->sequence = bpf_ntohl(tcp->seq);
	packet->acknowledgment = bpf_ntohl(tcp->ack_seq);
	packet->tcp_flags = ((__u8 *)tcp)[13];
	return true;
}

static __always_inline bool decode_udp(struct packet *packet)
{
	struct udphdr *udp = take(packet, sizeof(*udp));
	__u32 length;

	if (!udp || packet->remaining_bytes < sizeof(*udp)) {
		COUNT(packet, fault_truncated_transport);
		return false;
	}
	/* 0 stands for a jumbogram (RFC 2675); a first fragment holds less than the length says. */
	length = bpf_ntohs(udp->len);
	if ((length != 0 && length < sizeof(*udp)) || (length > packet->remaining_bytes && !packet->more_fragments)) {
		COUNT(packet, fault_bad_transport);
		return false;
	}
	packet->source_port = bpf_ntohs(udp->source);
	packet->destination_port = bpf_ntohs(udp->dest);
	return true;
}

static __always_inline bool decode_icmp(struct packet *packet)
{
	struct icmp_header *icmp = take(packet, sizeof(*icmp));

	if (!icmp || packet->remaining_bytes < sizeof(*icmp)) {
		COUNT(packet, fault_truncated_transport);
		return false;
	}
	packet->icmp_type = icmp->type;
	packet->icmp_code = icmp->code;
	packet->source_port = bpf_ntohs(icmp->identifier);
	return true;
}

#endif
