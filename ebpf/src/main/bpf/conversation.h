/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Who asked whom, and what came of it. A TCP or SCTP entry is pending until its handshake ends, then it moves to the
 * established ones, which are looked up only when a conversation ends or its bytes are sampled. Answers count when they
 * quote the numbers of the opening, else anybody who can guess a port could refuse or establish in another's name.
 *
 * Three tables, so that a flood of one sort pushes out its own kind only: openings must not push out the established,
 * nor UDP and echo exchanges, which have no end and would, forgotten, look as if the server had opened them.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "account.h"
#include "conversation_key.h"
#include "decode.h"

#define THIS_FILE FILE_CONVERSATION_H

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10
#define TCP_ANSWER (TCP_SYN | TCP_ACK)

/* An answer may acknowledge data sent with the SYN (RFC 7413), or be the first that got through. */
#define SEQUENCE_WINDOW 65535
#define EXCHANGE_IDLE_NS 120000000000ULL
#define NS_PER_MS 1000000
#define ACCEPT_CELLS 65536
/* About a second; and about the time after which Linux gives up on an answer that nobody acknowledges. */
#define ACCEPT_TICK_SHIFT 30
#define ACCEPT_TICKS_MAX 75

enum conversation_state {
	STATE_OPENED = 1,
	STATE_ACCEPTED = 2,
	STATE_ESTABLISHED = 3,
};

struct conversation {
	struct conversation_key key;
	/* When it was opened; for an exchange, when it was last seen. */
	__u64 time_ns;
	__u32 initiator_sequence;
	__u32 responder_sequence;
	__u32 state;
	__u32 reserved;
};
_Static_assert(sizeof(struct conversation) == 64, "one cache line");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct conversation);
} conversations SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct conversation);
} established SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct conversation);
} exchanges SEC(".maps");

/*
 * When a conversation that falls into the cell was last accepted, in ticks, 0 for never: an acknowledgment is looked up
 * only if it may be the one that ends a handshake. Cells are shared, which costs a look-up in vain and nothing else.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ACCEPT_CELLS);
	__type(key, __u32);
	__type(value, __u32);
} accepts SEC(".maps");

/* What a packet means. */
struct finding {
	struct conversation_key key;
	__u32 quantity;
	__u8 kind;
	__u8 flags;
	__u16 reserved;
};

/* The entry of the packet's conversation, and which side sent the packet; or NULL. */
static __always_inline struct conversation *find(void *map, __u64 hash, const struct conversation_key *outward,
						 bool *from_responder)
{
	struct conversation *known = bpf_map_lookup_elem(map, &hash);

	if (!known || known->key.protocol != outward->protocol)
		return NULL;
	if (same_key(&known->key, outward)) {
		*from_responder = false;
		return known;
	}
	if (same_address(&known->key.initiator, &outward->responder) &&
	    same_address(&known->key.responder, &outward->initiator) &&
	    known->key.initiator_port == outward->responder_port &&
	    known->key.responder_port == outward->initiator_port) {
		*from_responder = true;
		return known;
	}
	return NULL;
}

static __always_inline void open_conversation(void *map, __u64 hash, const struct packet *packet,
					      struct finding *finding, __u64 now_ns)
{
	struct conversation opened = {
		.key = finding->key,
		.time_ns = now_ns,
		.initiator_sequence = packet->sequence,
		.state = STATE_OPENED,
	};

	if (CHECKED(bpf_map_update_elem(map, &hash, &opened, BPF_ANY)) < 0)
		COUNT(untracked_openings);
	finding->kind = CONVERSATION_OPENED;
}

static __always_inline __u32 accept_cell(const struct packet *packet)
{
	__u64 both = packet->source.low ^ packet->destination.low ^
		     (__u64)(packet->source_port ^ packet->destination_port) << 40;

	return both * HASH_MULTIPLIER >> 48;
}
_Static_assert(ACCEPT_CELLS == 65536, "accept_cell() gives sixteen bits");

static __always_inline void accept(struct packet *packet, struct conversation *known, struct finding *finding)
{
	__u32 cell = accept_cell(packet);
	__u32 *tick = bpf_map_lookup_elem(&accepts, &cell);

	if (tick)
		*tick = (packet_now(packet) >> ACCEPT_TICK_SHIFT) + 1;
	known->responder_sequence = packet->sequence;
	known->state = STATE_ACCEPTED;
	finding->key = known->key;
	finding->kind = CONVERSATION_ACCEPTED;
}

static __always_inline bool may_establish(const struct packet *packet)
{
	__u32 cell = accept_cell(packet);
	__u32 *tick = bpf_map_lookup_elem(&accepts, &cell);

	if (!tick || !*tick)
		return false;
	/* Below 0 while the coarse clock has not come to the tick of the answer. */
	return (__s32)((__u32)(bpf_ktime_get_coarse_ns() >> ACCEPT_TICK_SHIFT) + 1 - *tick) <= ACCEPT_TICKS_MAX;
}

static __always_inline void establish(__u64 hash, struct conversation *known, struct finding *finding)
{
	struct conversation done = *known;

	done.state = STATE_ESTABLISHED;
	finding->key = done.key;
	finding->kind = CONVERSATION_ESTABLISHED;
	CHECKED(bpf_map_update_elem(&established, &hash, &done, BPF_ANY));
	/* Another CPU may have been faster, or the table's own recycling. */
	bpf_map_delete_elem(&conversations, &hash);
}

static __always_inline void conclude(__u64 hash, const struct conversation *known, struct finding *finding, __u8 kind)
{
	finding->key = known->key;
	finding->kind = kind;
	bpf_map_delete_elem(&conversations, &hash);
}

static __always_inline void end(__u64 hash, struct packet *packet, struct conversation *known, struct finding *finding,
				bool from_responder)
{
	__u64 duration_ms = (packet_now(packet) - known->time_ns) / NS_PER_MS;

	finding->key = known->key;
	finding->kind = CONVERSATION_ENDED;
	finding->flags = from_responder ? CONVERSATION_FROM_RESPONDER : 0;
	finding->quantity = duration_ms > DURATION_UNKNOWN ? DURATION_UNKNOWN : duration_ms;
	bpf_map_delete_elem(&established, &hash);
}

#undef THIS_FILE

#endif
