/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Both maps are pinned and outlive the process; their shapes are checked when the next one takes them over. */
#ifndef QUARANTINE_H
#define QUARANTINE_H

#include "account.h"
#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct address);
	__type(value, struct quarantine_entry);
} quarantine SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct control);
} control SEC(".maps");

static __always_inline bool is_halted(void)
{
	__u32 key = 0;
	struct control *value = bpf_map_lookup_elem(&control, &key);

	return value && value->halted_ns;
}

/* Whether the packet is to be dropped. The deadline is compared here, so that it holds when nobody else is alive. */
static __always_inline bool enforce_quarantine(struct packet *packet)
{
	struct quarantine_entry *entry = bpf_map_lookup_elem(&quarantine, &packet->source);
	bool drop;

	if (!entry || (__s64)(entry->deadline_ns - packet_now(packet)) <= 0)
		return false;

	drop = entry->mode == QUARANTINE_DROP && !is_halted();
	packet->contained = true;
	if (packet->account) {
		if (drop || entry->mode == QUARANTINE_OBSERVE) {
			__sync_fetch_and_add(&entry->packets, 1);
			__sync_fetch_and_add(&entry->bytes, packet->length_bytes);
		}
		if (drop) {
			packet->account->quarantined_packets++;
			packet->account->quarantined_bytes += packet->length_bytes;
		} else {
			packet->account->observed_packets++;
		}
	}
	return drop;
}

#endif
