/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Bytes by sampling in proportion to them: of all the bytes that a CPU carries, each one at a multiple of the quantum
 * is asked whose it is, and its packet's record stands for the quantum. Over a conversation the sum is unbiased, and a
 * packet that is not asked costs two shifts. The quantum is a power of two that doubles while records come faster than
 * VOLUME_RECORDS_MAX in a window and halves when they come slower than a quarter of it; each record says what it stands
 * for, so a reader need not know it.
 */
#ifndef VOLUME_H
#define VOLUME_H

#include "conversation.h"

#define QUANTUM_SHIFT_MIN 10
#define QUANTUM_SHIFT_MAX 30
#define VOLUME_WINDOW_NS 100000000ULL
/* In a window, per CPU: once settled, at most 2,000 records a second. */
#define VOLUME_RECORDS_MAX 200

struct sampling {
	__u64 window_start_ns;
	__u32 records;
	/* Above the minimum, so that zeroed memory is a start. */
	__u32 extra_shift;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sampling);
} samplings SEC(".maps");

/* Bytes that the packet is to stand for, when it takes a CPU's count of bytes to this; 0 for most. */
static __always_inline __u32 sampled_bytes(__u64 total_bytes, __u32 length_bytes)
{
	__u32 key = 0;
	struct sampling *sampling = bpf_map_lookup_elem(&samplings, &key);
	__u32 shift;

	if (!sampling)
		return 0;
	shift = (QUANTUM_SHIFT_MIN + sampling->extra_shift) & 63;
	return ((total_bytes >> shift) - ((total_bytes - length_bytes) >> shift)) << shift;
}

static __always_inline void adapt_quantum(__u64 now_ns)
{
	__u32 key = 0;
	struct sampling *sampling = bpf_map_lookup_elem(&samplings, &key);
	__u64 windows;

	if (!sampling)
		return;
	windows = (now_ns - sampling->window_start_ns) / VOLUME_WINDOW_NS;
	if (windows) {
		if (sampling->records < VOLUME_RECORDS_MAX / 4)
			sampling->extra_shift -= windows < sampling->extra_shift ? windows : sampling->extra_shift;
		sampling->window_start_ns = now_ns;
		sampling->records = 0;
	}
	if (++sampling->records >= VOLUME_RECORDS_MAX &&
	    sampling->extra_shift < QUANTUM_SHIFT_MAX - QUANTUM_SHIFT_MIN) {
		sampling->extra_shift++;
		/* Half the rate is left, so half a window's records may yet come before it doubles again. */
		sampling->records = VOLUME_RECORDS_MAX / 2;
	}
}

/* Who asked whom, if anybody knows: looked up only here. */
__noinline int measure(struct packet *packet, struct finding *finding, __u32 bytes)
{
	bool from_responder = false;
	struct conversation *known;
	__u64 hash;

	if (!packet || !finding)
		return 0;
	adapt_quantum(packet_now(packet));
	key_outward(&finding->key, packet);
	if (is_icmp(packet->protocol)) {
		bool reply = packet->type == ICMP_ECHOREPLY || packet->type == ICMPV6_ECHO_REPLY;

		finding->key.initiator_port = reply ? 0 : packet->source_port;
		finding->key.responder_port = reply ? packet->source_port : 0;
	}
	hash = hash_key(&finding->key);
	if (packet->protocol == IPPROTO_TCP || packet->protocol == IPPROTO_SCTP) {
		known = find(&established, hash, &finding->key, &from_responder);
		/* So that an answer stays unoriented only if nobody was seen to ask: reflection, else asymmetric routes. */
		if (!known && (packet->tcp_flags & TCP_ANSWER) == TCP_ANSWER)
			known = find(&conversations, hash, &finding->key, &from_responder);
	} else {
		known = find(&exchanges, hash, &finding->key, &from_responder);
	}

	finding->kind = CONVERSATION_VOLUME;
	finding->flags = !known ? CONVERSATION_UNORIENTED : from_responder ? CONVERSATION_FROM_RESPONDER : 0;
	finding->quantity = bytes;
	if (known)
		finding->key = known->key;
	return 0;
}

#endif
