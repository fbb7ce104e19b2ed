/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Records to the ring, and what keeps one noisy source from filling it: after a number of records of one initiator and
 * kind within a window, further ones are added to a weight that leaves as one record when the window has passed.
 *
 * The table is direct-mapped and per CPU. Who comes to a slot that another holds sends the other's weight off first, so
 * no weight is forgotten; and each event looks at one further slot in turn for a window that has passed.
 */
#ifndef BURST_H
#define BURST_H

#include "account.h"
#include "conversation.h"
#include "settings.h"

#define BURST_SLOTS 256
#define HASH_MULTIPLIER 0x9e3779b97f4a7c15ULL

struct burst {
	__u64 window_start_ns;
	__u32 records;
	__u32 pending;
	struct conversation_event last;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, BURST_SLOTS);
	__type(key, __u32);
	__type(value, struct burst);
} bursts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4194304);
} events SEC(".maps");

static __always_inline __u32 burst_slot(const struct address *initiator, __u8 kind)
{
	__u64 hash = (initiator->high ^ initiator->low ^ kind) * HASH_MULTIPLIER;

	hash = (hash ^ initiator->low) * HASH_MULTIPLIER;
	return hash >> 56;
}
_Static_assert(BURST_SLOTS == 256, "burst_slot() gives eight bits");

static __always_inline void flush_burst(struct account *account, struct burst *burst)
{
	if (!burst->pending)
		return;
	burst->last.weight = burst->pending;
	if (bpf_ringbuf_output(&events, &burst->last, sizeof(burst->last), 0) < 0) {
		account->weighted -= burst->pending;
		account->lost_ring_full += burst->pending;
	}
	burst->pending = 0;
}

static __always_inline void fill_event(struct conversation_event *event, const struct packet *packet,
				       const struct conversation_key *key, __u8 kind, __u8 flags)
{
	event->time_ns = packet->now_ns;
	event->initiator = key->initiator;
	event->responder = key->responder;
	event->interface_index = packet->interface_index;
	event->weight = 1;
	event->initiator_port = key->initiator_port;
	event->responder_port = key->responder_port;
	event->vlan = packet->vlan;
	event->length_bytes = packet->length_bytes > 0xffff ? 0xffff : packet->length_bytes;
	event->kind = kind;
	event->protocol = key->protocol;
	event->tcp_flags = packet->tcp_flags;
	event->flags = flags | (packet->contained ? CONVERSATION_CONTAINED : 0);
	event->quantity = 0;
}

static __always_inline void sweep_bursts(struct account *account, __u64 now_ns)
{
	__u32 slot = account->seen & (BURST_SLOTS - 1);
	struct burst *burst = bpf_map_lookup_elem(&bursts, &slot);

	if (burst && now_ns - burst->window_start_ns >= settings.burst_window_ns)
		flush_burst(account, burst);
}

static __always_inline void report(const struct packet *packet, const struct conversation_key *key, __u8 kind,
				   __u8 flags)
{
	struct account *account = packet->account;
	__u32 slot = burst_slot(&key->initiator, kind);
	struct burst *burst = bpf_map_lookup_elem(&bursts, &slot);

	if (!account || !burst)
		return;

	account_begin(account);
	account->seen++;
	if (burst->last.kind != kind || !same_address(&burst->last.initiator, &key->initiator) ||
	    packet->now_ns - burst->window_start_ns >= settings.burst_window_ns) {
		flush_burst(account, burst);
		burst->window_start_ns = packet->now_ns;
		burst->records = 0;
	}

	fill_event(&burst->last, packet, key, kind, flags);
	if (burst->records < settings.burst_records_max) {
		burst->records++;
		if (bpf_ringbuf_output(&events, &burst->last, sizeof(burst->last), 0) < 0)
			account->lost_ring_full++;
		else
			account->delivered++;
	} else {
		burst->pending++;
		account->weighted++;
	}
	sweep_bursts(account, packet->now_ns);
	account_complete(account);
}

#endif
