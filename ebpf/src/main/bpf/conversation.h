/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Who asked whom, and what came of it. Only what is still undecided is remembered: a TCP entry goes when its handshake
 * ends, so the data of established conversations only miss one lookup. Answers count when they quote the numbers of the
 * opening, else anybody who can guess a port could refuse or establish in another's name.
 *
 * UDP and echo exchanges have no end and are kept apart: a flood of SYNs must not push them out, for then the next
 * reply would look like an opening by the server.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "decode.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* An answer may acknowledge data sent with the SYN (RFC 7413), or be the first that got through. */
#define SEQUENCE_WINDOW 65535
#define EXCHANGE_IDLE_NS 120000000000ULL

enum conversation_state {
	STATE_OPENED = 1,
	STATE_ACCEPTED = 2,
};

struct conversation_key {
	struct address initiator;
	struct address responder;
	__u16 initiator_port;
	__u16 responder_port;
	__u8 protocol;
	__u8 padding[3];
};

struct conversation {
	__u64 seen_ns;
	__u32 initiator_sequence;
	__u32 responder_sequence;
	__u32 state;
	__u32 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct conversation_key);
	__type(value, struct conversation);
} conversations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct conversation_key);
	__type(value, struct conversation);
} exchanges SEC(".maps");

/* The sender of the packet as initiator. */
static __always_inline void key_outward(struct conversation_key *key, const struct packet *packet)
{
	key->initiator = packet->source;
	key->responder = packet->destination;
	key->initiator_port = packet->source_port;
	key->responder_port = packet->destination_port;
	key->protocol = packet->protocol;
}

/* The receiver of the packet as initiator. */
static __always_inline void key_back(struct conversation_key *key, const struct packet *packet)
{
	key->initiator = packet->destination;
	key->responder = packet->source;
	key->initiator_port = packet->destination_port;
	key->responder_port = packet->source_port;
	key->protocol = packet->protocol;
}

static __always_inline __u8 open_conversation(void *map, const struct packet *packet,
					      const struct conversation_key *key)
{
	struct conversation opened = {
		.seen_ns = packet->now_ns,
		.initiator_sequence = packet->sequence,
		.state = STATE_OPENED,
	};

	if (bpf_map_update_elem(map, key, &opened, BPF_ANY) < 0)
		COUNT(packet, untracked_openings);
	return CONVERSATION_OPENED;
}

/* A SYN, or a packet without SYN and ACK, which no conversation holds (NULL, FIN and XMAS scans). */
static __always_inline __u8 on_tcp_opening(struct packet *packet, struct conversation_key *key, __u8 *flags)
{
	struct conversation *known;

	key_outward(key, packet);
	known = bpf_map_lookup_elem(&conversations, key);
	if (known && known->initiator_sequence == packet->sequence) {
		*flags = CONVERSATION_REPEAT;
		return CONVERSATION_OPENED;
	}
	return open_conversation(&conversations, packet, key);
}

static __always_inline __u8 on_tcp_answer(struct packet *packet, struct conversation_key *key)
{
	struct conversation *known;

	key_back(key, packet);
	known = bpf_map_lookup_elem(&conversations, key);
	if (!known || packet->acknowledgment - known->initiator_sequence - 1 > SEQUENCE_WINDOW) {
		COUNT(packet, unmatched_answers);
		return 0;
	}
	if (known->state != STATE_OPENED)
		return 0;
	known->responder_sequence = packet->sequence;
	known->state = STATE_ACCEPTED;
	return CONVERSATION_ACCEPTED;
}

static __always_inline __u8 on_tcp_acknowledgment(struct packet *packet, struct conversation_key *key)
{
	struct conversation *known;

	key_outward(key, packet);
	known = bpf_map_lookup_elem(&conversations, key);
	if (!known || known->state != STATE_ACCEPTED ||
	    packet->acknowledgment - known->responder_sequence - 1 > SEQUENCE_WINDOW)
		return 0;
	bpf_map_delete_elem(&conversations, key);
	return CONVERSATION_ESTABLISHED;
}

static __always_inline __u8 on_tcp_reset(struct packet *packet, struct conversation_key *key)
{
	struct conversation *known;

	key_back(key, packet);
	known = bpf_map_lookup_elem(&conversations, key);
	if (known) {
		bool answers = packet->tcp_flags & TCP_ACK
				       ? packet->acknowledgment - known->initiator_sequence <= SEQUENCE_WINDOW
				       : known->state == STATE_ACCEPTED &&
						 packet->sequence - known->responder_sequence <= SEQUENCE_WINDOW;

		if (!answers) {
			COUNT(packet, unmatched_answers);
			return 0;
		}
		bpf_map_delete_elem(&conversations, key);
		return CONVERSATION_REFUSED;
	}

	key_outward(key, packet);
	known = bpf_map_lookup_elem(&conversations, key);
	if (!known || packet->sequence - known->initiator_sequence > SEQUENCE_WINDOW)
		return 0;
	bpf_map_delete_elem(&conversations, key);
	return CONVERSATION_ABORTED;
}

static __always_inline __u8 on_tcp(struct packet *packet, struct conversation_key *key, __u8 *flags)
{
	if (packet->tcp_flags & TCP_RST)
		return on_tcp_reset(packet, key);
	if (!(packet->tcp_flags & TCP_ACK))
		return on_tcp_opening(packet, key, flags);
	if (packet->tcp_flags & TCP_SYN)
		return on_tcp_answer(packet, key);
	return on_tcp_acknowledgment(packet, key);
}

static __always_inline bool is_idle(const struct conversation *known, const struct packet *packet)
{
	return packet->now_ns - known->seen_ns > EXCHANGE_IDLE_NS;
}

static __always_inline __u8 on_exchange_outward(struct packet *packet, struct conversation_key *key)
{
	struct conversation *known;

	key_outward(key, packet);
	known = bpf_map_lookup_elem(&exchanges, key);
	if (known && !is_idle(known, packet)) {
		known->seen_ns = packet->now_ns;
		return 0;
	}
	return open_conversation(&exchanges, packet, key);
}

/* An exchange that the receiver opened, or NULL. */
static __always_inline struct conversation *exchange_back(struct packet *packet, struct conversation_key *key)
{
	struct conversation *known;

	key_back(key, packet);
	known = bpf_map_lookup_elem(&exchanges, key);
	return known && !is_idle(known, packet) ? known : NULL;
}

static __always_inline __u8 accept_exchange(struct packet *packet, struct conversation *known)
{
	known->seen_ns = packet->now_ns;
	if (known->state != STATE_OPENED)
		return 0;
	known->state = STATE_ACCEPTED;
	return CONVERSATION_ACCEPTED;
}

static __always_inline __u8 on_udp(struct packet *packet, struct conversation_key *key)
{
	struct conversation *known = exchange_back(packet, key);

	return known ? accept_exchange(packet, known) : on_exchange_outward(packet, key);
}

static __always_inline __u8 on_echo_reply(struct packet *packet, struct conversation_key *key)
{
	struct conversation *known;

	/* The identifier is the initiator's port; the responder has none. */
	packet->destination_port = packet->source_port;
	packet->source_port = 0;
	known = exchange_back(packet, key);
	if (!known) {
		COUNT(packet, unmatched_answers);
		return 0;
	}
	return accept_exchange(packet, known);
}

/* The quoted packet's addresses, protocol and first eight bytes of transport, as a key with its sender as initiator. */
static __always_inline __u32 *decode_quote(struct packet *packet, struct conversation_key *key)
{
	__u32 *transport;

	if (packet->protocol == IPPROTO_ICMP) {
		struct iphdr *quoted = take(packet, sizeof(*quoted));

		if (!quoted || quoted->ihl < 5 || (quoted->frag_off & bpf_htons(IPV4_OFFSET_MASK)))
			return NULL;
		key->initiator = mapped_address(quoted->saddr);
		key->responder = mapped_address(quoted->daddr);
		key->protocol = quoted->protocol;
		packet->cursor = (void *)quoted + quoted->ihl * 4;
	} else {
		struct ipv6hdr *quoted = take(packet, sizeof(*quoted));

		if (!quoted)
			return NULL;
		__builtin_memcpy(&key->initiator, &quoted->saddr, sizeof(key->initiator));
		__builtin_memcpy(&key->responder, &quoted->daddr, sizeof(key->responder));
		key->protocol = quoted->nexthdr;
	}

	transport = take(packet, 2 * sizeof(*transport));
	if (!transport)
		return NULL;
	if (key->protocol == IPPROTO_TCP || key->protocol == IPPROTO_UDP) {
		key->initiator_port = bpf_ntohl(transport[0]) >> 16;
		key->responder_port = bpf_ntohl(transport[0]) & 0xffff;
	} else {
		key->initiator_port = bpf_ntohl(transport[1]) >> 16;
		key->responder_port = 0;
	}
	return transport;
}

static __always_inline __u8 on_unreachable(struct packet *packet, struct conversation_key *key)
{
	__u32 *transport = decode_quote(packet, key);
	struct conversation *known;

	if (!transport) {
		COUNT(packet, fault_bad_quote);
		return 0;
	}

	if (key->protocol == IPPROTO_TCP) {
		known = bpf_map_lookup_elem(&conversations, key);
		if (known && known->state == STATE_OPENED && bpf_ntohl(transport[1]) == known->initiator_sequence) {
			bpf_map_delete_elem(&conversations, key);
			return CONVERSATION_UNREACHABLE;
		}
	} else {
		known = bpf_map_lookup_elem(&exchanges, key);
		if (known && known->state == STATE_OPENED) {
			bpf_map_delete_elem(&exchanges, key);
			return CONVERSATION_UNREACHABLE;
		}
	}
	COUNT(packet, unmatched_answers);
	return 0;
}

static __always_inline __u8 on_icmp(struct packet *packet, struct conversation_key *key)
{
	bool v4 = packet->protocol == IPPROTO_ICMP;

	if (packet->icmp_type == (v4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST))
		return on_exchange_outward(packet, key);
	if (packet->icmp_type == (v4 ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY))
		return on_echo_reply(packet, key);
	/* "Fragmentation needed" is advice on the way, not a refusal. */
	if (packet->icmp_type == (v4 ? ICMP_DEST_UNREACH : ICMPV6_DEST_UNREACH) &&
	    !(v4 && packet->icmp_code == ICMP_FRAG_NEEDED))
		return on_unreachable(packet, key);
	return 0;
}

#endif
