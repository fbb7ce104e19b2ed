/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Ports, numbers and types from the header behind IP; and what announces a tunnel. */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <linux/in.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "packet.h"

#define VXLAN_PORT 4789
/* Linux before 3.12 and some controllers since. */
#define VXLAN_LEGACY_PORT 8472
#define GENEVE_PORT 6081
/* Of a Teredo server. Only what goes to it is opened: who attacks may choose the port he sends from. */
#define TEREDO_PORT 3544
#define GTP_USER_PORT 2152
#define INITIATE_TAG_WORD 4
/* Of a TCP header: ports and sequence number, the least that a first fragment holds (RFC 791); and to its flags. */
#define TCP_LEAST_BYTES 8
#define TCP_FLAGS_BYTE 13
#define SCTP_INIT 1
#define SCTP_INIT_ACK 2
#define SCTP_ABORT 6
#define SCTP_SHUTDOWN 7
#define SCTP_COOKIE_ECHO 10
/* linux/icmp.h can not be included: it asks for libc. */
#define ICMP_ECHOREPLY 0
#define ICMP_DEST_UNREACH 3
#define ICMP_FRAG_NEEDED 4
#define ICMP_ECHO 8
#define ICMPV6_DEST_UNREACH 1
#define ICMPV6_PARAMETER_PROBLEM 4
#define ICMPV6_NEXT_HEADER_UNKNOWN 1
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY 129
#define ICMPV6_SOLICITATION 135
#define ICMPV6_ADVERTISEMENT 136

struct icmp_header {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be16 identifier;
	__be16 sequence;
};

static __always_inline bool has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}

static __always_inline bool is_icmp(__u8 protocol)
{
	return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

/* RFC 9260 section 3: the common header and the head of the first chunk. */
struct sctp_header {
	__be16 source;
	__be16 destination;
	__be32 verification_tag;
	__be32 checksum;
	__u8 chunk_type;
	__u8 chunk_flags;
	__be16 chunk_length;
};

/*
 * A first fragment that ends within the header (RFC 1858 section 3.1, RFC 3128): no stack makes it, and the receiver
 * puts it together. Flags that are not there are 0.
 */
static __always_inline bool decode_tiny_tcp(const struct frame frame, struct packet *packet)
{
	struct tcphdr *tcp = peek(frame, packet, TCP_LEAST_BYTES);

	if (!tcp || packet->remaining_bytes < TCP_LEAST_BYTES)
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	packet->source_port = bpf_ntohs(tcp->source);
	packet->destination_port = bpf_ntohs(tcp->dest);
	packet->sequence = bpf_ntohl(tcp->seq);
	packet->tcp_header_bytes = packet->remaining_bytes;
	if (packet->remaining_bytes <= TCP_FLAGS_BYTE)
		return true;
	tcp = peek(frame, packet, TCP_FLAGS_BYTE + 1);
	if (!tcp)
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	packet->acknowledgment = bpf_ntohl(tcp->ack_seq);
	packet->tcp_flags = ((__u8 *)tcp)[TCP_FLAGS_BYTE];
	return true;
}

static __always_inline bool lacks_flags(const struct packet *packet)
{
	return packet->tcp_header_bytes <= TCP_FLAGS_BYTE;
}

static __always_inline bool decode_tcp(const struct frame frame, struct packet *packet)
{
	struct tcphdr *tcp = peek(frame, packet, sizeof(*tcp));
	__u32 header_bytes;

	if (packet->more_fragments && packet->remaining_bytes < sizeof(*tcp))
		return decode_tiny_tcp(frame, packet);
	if (!tcp || packet->remaining_bytes < sizeof(*tcp))
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	header_bytes = tcp->doff * 4;
	/* Of a first fragment, options may be in the next one. */
	if (packet->more_fragments && header_bytes > packet->remaining_bytes)
		header_bytes = packet->remaining_bytes;
	if (header_bytes < sizeof(*tcp) || header_bytes > packet->remaining_bytes)
		return stop_at(packet, FAULT_BAD_TRANSPORT);
	packet->source_port = bpf_ntohs(tcp->source);
	packet->destination_port = bpf_ntohs(tcp->dest);
	packet->sequence = bpf_ntohl(tcp->seq);
	packet->acknowledgment = bpf_ntohl(tcp->ack_seq);
	packet->tcp_flags = ((__u8 *)tcp)[TCP_FLAGS_BYTE];
	packet->tcp_header_bytes = header_bytes;
	return true;
}

static __always_inline bool decode_udp(const struct frame frame, struct packet *packet)
{
	struct udphdr *udp = peek(frame, packet, sizeof(*udp));
	__u32 length;

	if (!udp || packet->remaining_bytes < sizeof(*udp))
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	/* 0 stands for a jumbogram (RFC 2675); a first fragment holds less than the length says. */
	length = bpf_ntohs(udp->len);
	if ((length != 0 && length < sizeof(*udp)) || (length > packet->remaining_bytes && !packet->more_fragments))
		return stop_at(packet, FAULT_BAD_TRANSPORT);
	packet->source_port = bpf_ntohs(udp->source);
	packet->destination_port = bpf_ntohs(udp->dest);
	if (packet->destination_port == VXLAN_PORT || packet->destination_port == VXLAN_LEGACY_PORT)
		packet->encapsulation = ENCAPSULATION_VXLAN;
	else if (packet->destination_port == GENEVE_PORT)
		packet->encapsulation = ENCAPSULATION_GENEVE;
	else if (packet->destination_port == TEREDO_PORT)
		packet->encapsulation = ENCAPSULATION_TEREDO;
	else if (packet->destination_port == GTP_USER_PORT)
		packet->encapsulation = ENCAPSULATION_GTP;
	return true;
}

static __always_inline bool decode_icmp(const struct frame frame, struct packet *packet)
{
	struct icmp_header *icmp = peek(frame, packet, sizeof(*icmp));

	if (!icmp || packet->remaining_bytes < sizeof(*icmp))
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	packet->type = icmp->type;
	packet->code = icmp->code;
	packet->source_port = bpf_ntohs(icmp->identifier);
	return true;
}

static __always_inline bool decode_sctp(const struct frame frame, struct packet *packet)
{
	struct sctp_header *sctp = peek(frame, packet, sizeof(*sctp));
	__be32 *words;

	if (!sctp || packet->remaining_bytes < sizeof(*sctp))
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	packet->source_port = bpf_ntohs(sctp->source);
	packet->destination_port = bpf_ntohs(sctp->destination);
	packet->acknowledgment = bpf_ntohl(sctp->verification_tag);
	packet->type = sctp->chunk_type;
	packet->code = sctp->chunk_flags;
	if (packet->type != SCTP_INIT && packet->type != SCTP_INIT_ACK)
		return true;
	words = peek(frame, packet, (INITIATE_TAG_WORD + 1) * sizeof(*words));
	if (!words || packet->remaining_bytes < (INITIATE_TAG_WORD + 1) * sizeof(*words))
		return stop_at(packet, FAULT_TRUNCATED_TRANSPORT);
	packet->sequence = bpf_ntohl(words[INITIATE_TAG_WORD]);
	return true;
}

/* What has no ports is its addresses and its number; 255 is no protocol that anybody may send (RFC 3692, IANA). */
static __always_inline bool decode_transport(const struct frame frame, struct packet *packet)
{
	switch (packet->protocol) {
	case IPPROTO_TCP:
		packet->decoded = decode_tcp(frame, packet);
		break;
	case IPPROTO_UDP:
		packet->decoded = decode_udp(frame, packet);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		packet->decoded = decode_icmp(frame, packet);
		break;
	case IPPROTO_SCTP:
		packet->decoded = decode_sctp(frame, packet);
		break;
	case IPPROTO_IPIP:
		packet->encapsulation = ENCAPSULATION_IPV4;
		break;
	case IPPROTO_IPV6:
		packet->encapsulation = ENCAPSULATION_IPV6;
		break;
	case IPPROTO_GRE:
		packet->encapsulation = ENCAPSULATION_GRE;
		break;
	default:
		packet->decoded = packet->protocol != PROTOCOL_NEIGHBOUR_DISCOVERY;
		break;
	}
	return packet->fault == FAULT_NONE;
}

#endif
