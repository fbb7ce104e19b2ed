/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What has no handshake: datagrams, echoes, neighbour discovery, protocols without ports, and errors that quote any. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "conversation.h"

#define ARP_REQUEST 1
#define ARP_REPLY 2

/*
 * Exchanges of which a look-up told lately that a packet means nothing new: bits of the number under which the exchange
 * is known, when that was (in units of four jiffies), and in which of the two directions. Spares busy flows the
 * look-up, and is so short that their entries still count as used when the table recycles others.
 */
#define RECENT_CELLS 16384
#define RECENT_JIFFIES_SHIFT 2
#define RECENT_TICK_MASK 0x3ffffULL
#define RECENT_DIRECTIONS 3ULL

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, RECENT_CELLS);
	__type(key, __u32);
	__type(value, __u64);
} recents SEC(".maps");

static __always_inline __u64 recent_mark(__u64 hash)
{
	return (hash & ~(RECENT_TICK_MASK << 2 | RECENT_DIRECTIONS)) |
	       (bpf_jiffies64() >> RECENT_JIFFIES_SHIFT & RECENT_TICK_MASK) << 2;
}

/*
 * UDP, ICMP echo, neighbour discovery, and what has no ports: the first packet opens, the first one back accepts. Times
 * are of the coarse clock (one tick), which costs a tenth.
 */
static __always_inline void on_exchange(struct packet *packet, struct finding *finding, bool answers_only)
{
	__u64 sender = hash_end(&finding->key.initiator, finding->key.initiator_port, finding->key.protocol);
	__u64 receiver = hash_end(&finding->key.responder, finding->key.responder_port, finding->key.protocol);
	__u64 hash = sender + receiver;
	__u64 direction = sender < receiver ? 1 : 2;
	__u64 mark = recent_mark(hash);
	__u32 cell = hash >> 50;
	__u64 *recent = bpf_map_lookup_elem(&recents, &cell);
	struct conversation *known;
	bool from_responder = false;
	__u64 now_ns;

	if (recent && (*recent & ~RECENT_DIRECTIONS) == mark && (*recent & direction))
		return;
	now_ns = bpf_ktime_get_coarse_ns();
	known = find(&exchanges, hash, &finding->key, &from_responder);

	if (!known || now_ns - known->time_ns > EXCHANGE_IDLE_NS || (answers_only && !from_responder)) {
		if (answers_only)
			COUNT(unmatched_answers);
		else
			open_conversation(&exchanges, hash, packet, finding, now_ns);
		return;
	}
	if (known->time_ns != now_ns)
		known->time_ns = now_ns;
	if (from_responder && known->state == STATE_OPENED) {
		known->state = STATE_ACCEPTED;
		finding->key = known->key;
		finding->kind = CONVERSATION_ACCEPTED;
	}
	if (recent)
		*recent = mark | (known->state == STATE_ACCEPTED ? RECENT_DIRECTIONS : direction);
}
_Static_assert(RECENT_CELLS == 1 << 14, "on_exchange() takes fourteen bits");

static __always_inline void on_unreachable(struct packet *packet, struct finding *finding)
{
	bool numbered = finding->key.protocol == IPPROTO_TCP;
	bool tracked = numbered || finding->key.protocol == IPPROTO_SCTP;
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = tracked ? find(&conversations, hash, &finding->key, &from_responder)
					     : find(&exchanges, hash, &finding->key, &from_responder);

	if (!known || from_responder || known->state != STATE_OPENED ||
	    (numbered && packet->sequence != known->initiator_sequence)) {
		COUNT(unmatched_answers);
		return;
	}
	if (tracked) {
		bpf_map_delete_elem(&conversations, &hash);
	} else {
		__u32 cell = hash >> 50;
		__u64 *recent = bpf_map_lookup_elem(&recents, &cell);

		if (recent)
			*recent = 0;
		bpf_map_delete_elem(&exchanges, &hash);
	}
	finding->kind = CONVERSATION_UNREACHABLE;
}

/* ICMP but for unreachable, whose key is that of the packet that it quotes. */
static __always_inline void on_icmp(struct packet *packet, struct finding *finding)
{
	bool v4 = packet->protocol == IPPROTO_ICMP;

	if (packet->type == (v4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST)) {
		on_exchange(packet, finding, false);
	} else if (packet->type == (v4 ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY)) {
		/* The identifier is the initiator's port; the responder has none. */
		finding->key.responder_port = packet->source_port;
		finding->key.initiator_port = 0;
		on_exchange(packet, finding, true);
	}
}

static __always_inline void on_discovery(struct packet *packet, struct finding *finding)
{
	struct address *asker = packet->type == ARP_REQUEST ? &packet->source : &packet->destination;
	bool nobody = asker->high == 0 && (asker->low == 0 || (__u32)bpf_be64_to_cpu(asker->low) == 0);

	/* An announcement asks nobody, and who asks without an address yet is not somebody (RFC 5227, RFC 4862 5.4). */
	if (nobody || same_address(&packet->source, &packet->destination))
		return;
	if (packet->type == ARP_REQUEST)
		on_exchange(packet, finding, false);
	else if (packet->type == ARP_REPLY)
		on_exchange(packet, finding, true);
}

#endif
