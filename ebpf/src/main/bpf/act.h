/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* One act of the quarantine: whether it is in force, whether a packet is what it is about, and what becomes of it. */
#ifndef ACT_H
#define ACT_H

#include "packet.h"

#define TOKEN_ATTEMPTS_MAX 4
#define SECOND_NS 1000000000ULL
/* The coarse clock is behind the exact one by two ticks at most, of 10 ms with HZ=100. */
#define COARSE_LAG_NS 50000000

/* Pinned: the one truth about what is contained. The maps that lead to it are made anew for each program. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct quarantine_act);
} quarantine_acts SEC(".maps");

/* Pinned too: the kill switch works without the process. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct control);
} control SEC(".maps");

/* The coarse clock as this CPU last read it. It stands still within a jiffy, which costs a load and not a call. */
struct coarse_clock {
	__u64 jiffy;
	__u64 now_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct coarse_clock);
} coarse_clocks SEC(".maps");

enum fate {
	/* No live act describes the packet. */
	FATE_FREE,
	FATE_PASSES,
	/* It would be dropped, but for mode observe or the kill switch. */
	FATE_OBSERVED,
	FATE_DROPPED,
};

/* What acts ask beyond what the packet says of itself. */
struct circumstances {
	__u64 now_ns;
	/* False for a probe. */
	bool counts;
	bool buckets_empty;
	bool halted;
	bool opens;
	bool on_link;
	/* The addresses of the first IP header are looked at, not the innermost. */
	bool outer;
};

static __always_inline enum fate worse(enum fate a, enum fate b)
{
	return a > b ? a : b;
}

static __always_inline bool is_halted(void)
{
	__u32 key = 0;
	struct control *value = bpf_map_lookup_elem(&control, &key);

	return value && value->halted_ns;
}

static __always_inline struct quarantine_act *act_at(const struct quarantine_places *places, __u32 position)
{
	__u32 place = places->place[position] - 1;

	return bpf_map_lookup_elem(&quarantine_acts, &place);
}

/* The deadline is compared here, so that it holds when nobody else is alive. */
static __always_inline bool is_live(const struct quarantine_act *act, __u64 now_ns)
{
	return (__s64)(act->deadline_ns - now_ns) > 0;
}

static __always_inline __u64 coarse_now(void)
{
	__u32 key = 0;
	struct coarse_clock *clock = bpf_map_lookup_elem(&coarse_clocks, &key);
	__u64 jiffy = bpf_jiffies64();

	if (!clock)
		return bpf_ktime_get_coarse_ns();
	if (clock->jiffy != jiffy) {
		clock->now_ns = bpf_ktime_get_coarse_ns();
		clock->jiffy = jiffy;
	}
	return clock->now_ns;
}

static __always_inline bool is_live_now(const struct quarantine_act *act)
{
	__s64 left_ns = act->deadline_ns - coarse_now();

	return left_ns > COARSE_LAG_NS || (left_ns > 0 && is_live(act, bpf_ktime_get_ns()));
}

static __always_inline void count_on(struct quarantine_act *act)
{
	__sync_fetch_and_add(&act->packets, 1);
}

/*
 * The generic cell rate algorithm as virtual scheduling (ITU-T I.371, annex A): the bucket is one instant, so that CPUs
 * share it without a lock. Who loses the race for it too often goes without.
 */
static __always_inline bool take_token(struct quarantine_act *act, const struct circumstances *now)
{
	__u64 interval_ns;
	__u64 tolerance_ns;

	if (!act->packets_per_second)
		return false;
	if (!now->counts)
		return !now->buckets_empty;

	interval_ns = SECOND_NS / act->packets_per_second;
	tolerance_ns = interval_ns * (act->burst - 1);
	for (int attempt = 0; attempt < TOKEN_ATTEMPTS_MAX; attempt++) {
		__u64 due_ns = *(volatile __u64 *)&act->due_ns;
		__s64 early_ns = due_ns - now->now_ns;
		__u64 next_ns = (early_ns > 0 ? due_ns : now->now_ns) + interval_ns;

		if (early_ns > (__s64)tolerance_ns)
			return false;
		if (__sync_val_compare_and_swap(&act->due_ns, due_ns, next_ns) == due_ns)
			return true;
	}
	return false;
}

static __always_inline bool describes(const struct quarantine_act *act, const struct packet *packet, bool outer)
{
	if (act->vlan && act->vlan != (act->vlan & QUARANTINE_VNI ? QUARANTINE_VNI | packet->network_id : packet->vlan))
		return false;
	if (outer)
		return !act->protocol && !act->port;
	return (!act->protocol || act->protocol == packet->protocol) &&
	       (!act->port || act->port == packet->destination_port);
}

static __always_inline bool lets_pass(struct quarantine_act *act, const struct circumstances *now)
{
	switch (act->mode) {
	case QUARANTINE_RATE_LIMIT:
		return take_token(act, now);
	case QUARANTINE_GUARD:
		if (now->on_link)
			return true;
		/* fall through */
	case QUARANTINE_OPENINGS:
		return !now->opens || take_token(act, now);
	default:
		return false;
	}
}

static __always_inline enum fate fate_by(struct quarantine_act *act, const struct packet *packet,
					 const struct circumstances *now)
{
	if (!is_live(act, now->now_ns) || !describes(act, packet, now->outer))
		return FATE_FREE;
	if (lets_pass(act, now))
		return FATE_PASSES;
	if (now->counts && !now->halted)
		count_on(act);
	return act->mode == QUARANTINE_OBSERVE || now->halted ? FATE_OBSERVED : FATE_DROPPED;
}

/* The usual case of a contained packet: the act drops it whatever it carries. */
static __always_inline bool is_plain_drop(const struct quarantine_act *act)
{
	return is_live_now(act) && act->mode == QUARANTINE_DROP && !act->protocol && !act->port && !act->vlan;
}

#endif
