/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Which events become records of their own, and which only weigh on another's, so that no flood outruns the reader.
 *
 * Each CPU has a budget of records for each slice of time. Everybody draws from it, up to a quota per source and per
 * aim (address, port) in a window. When it is spent, a reserve remains that only the light may draw from: whose source,
 * aim and responding host all had few events in this window and the one before. So the records of a slow scanner stay,
 * what else may come, as long as it can be told from the flood by its source or by its aims.
 *
 * How many events a source or aim had is known by a count-min sketch of two rows (Cormode, Muthukrishnan 2005): never
 * too low; too high by another's count with probability about (n / TALLY_CELLS)^2 for n heavy ones.
 *
 * What gets no record is added to the weight of its source, or of its aim, or of the host that is asked, whichever is
 * heavy; and where the table has no place left, to that of its interface and kind. Weights leave within a slice, by a
 * timer of their CPU (softirq, as the programs are, so never in the midst of one), whether or not a next event comes.
 */
#ifndef BURST_H
#define BURST_H

#include "account.h"
#include "conversation.h"
#include "settings.h"

#define THIS_FILE FILE_BURST_H

#define SLICE_NS 50000000ULL
#define RESERVE_SHARE 4
#define TALLY_CELLS 16384
#define TALLY_ROWS 2
#define LIGHT_EVENTS_MAX 64
#define LIGHT_HOST_EVENTS_MAX 8192
#define WEIGHTS 512
#define REST_WEIGHTS 64
#define CPUS_MAX 1024
/* linux/bpf.h since 6.7: the timer runs where it was started. */
#define BPF_F_TIMER_CPU_PIN 2
#define CLOCK_MONOTONIC 1

enum side {
	SIDE_SOURCE,
	SIDE_AIM,
	SIDE_HOST,
	SIDES,
};

struct tally {
	__u16 window;
	__u16 events;
	__u16 events_before;
	__u16 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SIDES *TALLY_ROWS *TALLY_CELLS);
	__type(key, __u32);
	__type(value, struct tally);
} tallies SEC(".maps");

struct weight {
	__u64 identity;
	__u64 pending;
	struct conversation_event last;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, WEIGHTS + REST_WEIGHTS);
	__type(key, __u32);
	__type(value, struct weight);
} weights SEC(".maps");

struct budget {
	__u64 slice_start_ns;
	__u64 window_start_ns;
	__u32 records;
	__u32 reserve_records;
	__u16 window;
	/* Weights wait; and a timer will flush them. */
	bool weighed;
	bool flush_due;
	__u8 reserved[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct budget);
} budgets SEC(".maps");

struct flush_timer {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CPUS_MAX);
	__type(key, __u32);
	__type(value, struct flush_timer);
} flush_timers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4194304);
} events SEC(".maps");

/* What one event draws on. */
struct claim {
	__u64 identities[SIDES];
	__u32 events[SIDES];
};

/* Adds one event to a cell; how many it has now, those of the window before included. */
static __always_inline __u32 tally(__u32 cell, __u16 window)
{
	struct tally *tally = bpf_map_lookup_elem(&tallies, &cell);

	if (!tally)
		return 0;
	if (tally->window != window) {
		tally->events_before = (__u16)(tally->window + 1) == window ? tally->events : 0;
		tally->events = 0;
		tally->window = window;
	}
	if (tally->events != 0xffff)
		tally->events++;
	return tally->events > tally->events_before ? tally->events : tally->events_before;
}

static __always_inline __u32 tally_side(__u64 identity, __u32 side, __u16 window)
{
	__u32 row = side * TALLY_ROWS * TALLY_CELLS;
	__u32 first = tally(row + (identity & (TALLY_CELLS - 1)), window);
	__u32 second = tally(row + TALLY_CELLS + (identity >> 32 & (TALLY_CELLS - 1)), window);

	return first < second ? first : second;
}

static __always_inline bool is_heavy_source(const struct claim *claim)
{
	return claim->events[SIDE_SOURCE] > LIGHT_EVENTS_MAX;
}

static __always_inline bool is_heavy_aim(const struct claim *claim)
{
	return claim->events[SIDE_AIM] > LIGHT_EVENTS_MAX;
}

static __always_inline bool is_heavy_host(const struct claim *claim)
{
	return claim->events[SIDE_HOST] > LIGHT_HOST_EVENTS_MAX;
}

/*
 * What a heavy source does is not held against its aims, nor what befalls a heavy aim against its host: who scans a
 * host that is flooded at the same time stays light.
 */
static __always_inline void make_claim(struct claim *claim, const struct conversation_event *event, __u16 window)
{
	__u64 kind = event->kind | (__u64)event->interface_index << 8;
	__u64 host = hash_address(&event->responder);

	claim->identities[SIDE_SOURCE] = mix(hash_address(&event->initiator) + kind);
	claim->identities[SIDE_AIM] = mix(host + kind + ((__u64)event->responder_port + 1) * HASH_MULTIPLIER);
	claim->identities[SIDE_HOST] = mix(host + kind);

	claim->events[SIDE_SOURCE] = tally_side(claim->identities[SIDE_SOURCE], SIDE_SOURCE, window);
	claim->events[SIDE_AIM] =
		is_heavy_source(claim) ? 0 : tally_side(claim->identities[SIDE_AIM], SIDE_AIM, window);
	claim->events[SIDE_HOST] = is_heavy_source(claim) || is_heavy_aim(claim)
					   ? 0
					   : tally_side(claim->identities[SIDE_HOST], SIDE_HOST, window);
}

static __always_inline bool is_light(const struct claim *claim)
{
	return !is_heavy_source(claim) && !is_heavy_aim(claim) && !is_heavy_host(claim);
}

/* Whether the event may have a record of its own; draws it from the budget then. */
static __always_inline bool draw(struct budget *budget, const struct claim *claim)
{
	if (claim->events[SIDE_SOURCE] > settings.burst_records_max ||
	    claim->events[SIDE_AIM] > settings.burst_records_max)
		return false;
	if (budget->records < settings.ring_records_max) {
		budget->records++;
		return true;
	}
	if (budget->reserve_records < settings.ring_records_max / RESERVE_SHARE && is_light(claim)) {
		budget->reserve_records++;
		return true;
	}
	return false;
}

static __always_inline void flush_weight(struct weight *weight)
{
	struct books books;
	__u64 pending = weight->pending;

	if (!pending || !open_books(&books, weight->last.interface_index, weight->last.kind))
		return;
	weight->pending = 0;
	weight->last.weight = pending;
	if (bpf_ringbuf_output(&events, &weight->last, sizeof(weight->last), 0) < 0) {
		BOOK(&books, weighted, -pending);
		BOOK(&books, lost_ring_full, pending);
	}
	close_books(&books);
}

static long flush_each(void *map __attribute__((unused)), const __u32 *key __attribute__((unused)),
		       struct weight *weight, void *context __attribute__((unused)))
{
	flush_weight(weight);
	return 0;
}

static __always_inline void flush_weights(struct budget *budget)
{
	budget->weighed = false;
	bpf_for_each_map_elem(&weights, flush_each, NULL, 0);
}

static int on_flush_timer(void *map __attribute__((unused)), int *key __attribute__((unused)),
			  struct flush_timer *timer __attribute__((unused)))
{
	__u32 zero = 0;
	struct budget *budget = bpf_map_lookup_elem(&budgets, &zero);

	if (budget) {
		budget->flush_due = false;
		flush_weights(budget);
	}
	return 0;
}

static __always_inline struct budget *budget_of_cpu(__u64 now_ns)
{
	__u32 key = 0;
	struct budget *budget = bpf_map_lookup_elem(&budgets, &key);

	if (!budget)
		return NULL;
	if (now_ns - budget->slice_start_ns >= SLICE_NS) {
		budget->slice_start_ns = now_ns;
		budget->records = 0;
		budget->reserve_records = 0;
		if (budget->weighed && !budget->flush_due)
			flush_weights(budget);
	}
	if (now_ns - budget->window_start_ns >= settings.burst_window_ns) {
		/* After a pause nothing of the window before counts. */
		budget->window += now_ns - budget->window_start_ns >= 2 * settings.burst_window_ns ? 2 : 1;
		budget->window_start_ns = now_ns;
	}
	return budget;
}

/* Where the kernel refuses the timer (before 6.7), weights leave with the first event after a slice. */
static __always_inline void arm_flush(struct budget *budget)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct flush_timer *timer;

	if (budget->flush_due)
		return;
	timer = bpf_map_lookup_elem(&flush_timers, &cpu);
	if (!timer)
		return;
	/* -EBUSY after the first time. */
	bpf_timer_init(&timer->timer, &flush_timers, CLOCK_MONOTONIC);
	CHECKED(bpf_timer_set_callback(&timer->timer, on_flush_timer));
	budget->flush_due = CHECKED(bpf_timer_start(&timer->timer, SLICE_NS, BPF_F_TIMER_CPU_PIN)) == 0;
}

/* The last event is the one shown; the flags tell what the others did not share with it. */
static __always_inline void weigh(struct weight *weight, const struct conversation_event *event, __u64 identity)
{
	__u8 flags = event->flags & ~CONVERSATION_ON_LINK;
	__u16 responder_port = event->responder_port;

	if (weight->pending) {
		flags |= weight->last.flags & (CONVERSATION_SOURCES_VARY | CONVERSATION_AIMS_VARY);
		if (!same_address(&weight->last.initiator, &event->initiator))
			flags |= CONVERSATION_SOURCES_VARY;
		if (!same_address(&weight->last.responder, &event->responder))
			flags |= CONVERSATION_AIMS_VARY;
		if (weight->last.responder_port != responder_port)
			responder_port = 0;
	}
	weight->identity = identity;
	weight->last = *event;
	weight->last.flags = flags;
	weight->last.responder_port = responder_port;
	weight->pending++;
}

static __always_inline bool weigh_on_side(const struct claim *claim, __u32 side, const struct conversation_event *event)
{
	__u32 slot = claim->identities[side] >> 16 & (WEIGHTS - 1);
	struct weight *weight = bpf_map_lookup_elem(&weights, &slot);

	if (!weight || (weight->pending && weight->identity != claim->identities[side]))
		return false;
	weigh(weight, event, claim->identities[side]);
	return true;
}

/* One place for each kind and eight interfaces; if two of them meet there, the second finds no place. */
static __always_inline bool weigh_on_rest(const struct conversation_event *event)
{
	__u32 slot = WEIGHTS + (event->kind & 7) + (event->interface_index & 7) * 8;
	__u64 identity = event->kind | (__u64)event->interface_index << 8;
	struct weight *weight = bpf_map_lookup_elem(&weights, &slot);

	if (!weight || (weight->pending && weight->identity != identity))
		return false;
	weigh(weight, event, identity);
	return true;
}

static __always_inline bool collapse(struct budget *budget, const struct claim *claim,
				     const struct conversation_event *event)
{
	bool heavy;

	budget->weighed = true;
	arm_flush(budget);
	/* Each side stands in for the ones before it, when they have no place. */
	heavy = is_heavy_source(claim);
	if (heavy && weigh_on_side(claim, SIDE_SOURCE, event))
		return true;
	heavy = heavy || is_heavy_aim(claim);
	if (heavy && weigh_on_side(claim, SIDE_AIM, event))
		return true;
	heavy = heavy || is_heavy_host(claim);
	return (heavy && weigh_on_side(claim, SIDE_HOST, event)) || weigh_on_rest(event);
}

#undef THIS_FILE

#endif
