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
#define ARP_REQUEST 1
#define ARP_REPLY 2

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

static __always_inline void on_tcp_reset(struct packet *packet, struct finding *finding)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, &finding->key, &from_responder);

	if (!known) {
		known = find(&established, hash, &finding->key, &from_responder);
		if (known)
			end(hash, packet, known, finding, from_responder);
	} else if (from_responder) {
		bool answers = packet->tcp_flags & TCP_ACK
				       ? packet->acknowledgment - known->initiator_sequence <= SEQUENCE_WINDOW
				       : known->state == STATE_ACCEPTED &&
						 packet->sequence - known->responder_sequence <= SEQUENCE_WINDOW;

		if (answers)
			conclude(hash, known, finding, CONVERSATION_REFUSED);
		else
			COUNT(unmatched_answers);
	} else if (packet->sequence - known->initiator_sequence <= SEQUENCE_WINDOW) {
		conclude(hash, known, finding, CONVERSATION_ABORTED);
	}
}

/* A SYN, or a packet without SYN and ACK, which no conversation holds (NULL, FIN and XMAS scans). */
static __always_inline void on_tcp_opening(struct packet *packet, struct finding *finding)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, &finding->key, &from_responder);

	finding->quantity = packet->tcp_header_bytes;
	if (known && !from_responder && known->initiator_sequence == packet->sequence) {
		finding->kind = CONVERSATION_OPENED;
		finding->flags = CONVERSATION_REPEAT;
		return;
	}
	open_conversation(&conversations, hash, packet, finding, packet_now(packet));
}

static __always_inline void on_tcp_answer(struct packet *packet, struct finding *finding)
{
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash_key(&finding->key), &finding->key, &from_responder);

	if (!known || !from_responder || packet->acknowledgment - known->initiator_sequence - 1 > SEQUENCE_WINDOW)
		COUNT(unmatched_answers);
	else if (known->state == STATE_OPENED)
		accept(packet, known, finding);
}

static __always_inline void on_tcp_acknowledgment(struct packet *packet, struct finding *finding)
{
	bool from_responder = false;
	struct conversation *known;
	__u64 hash;

	if (!(packet->tcp_flags & TCP_FIN) && !may_establish(packet))
		return;
	hash = hash_key(&finding->key);
	known = find(&conversations, hash, &finding->key, &from_responder);
	if (known) {
		if (known->state == STATE_ACCEPTED && !from_responder &&
		    packet->acknowledgment - known->responder_sequence - 1 <= SEQUENCE_WINDOW)
			establish(hash, known, finding);
		return;
	}
	if (!(packet->tcp_flags & TCP_FIN))
		return;
	known = find(&established, hash, &finding->key, &from_responder);
	if (known)
		end(hash, packet, known, finding, from_responder);
}

/* Whether the segment's conversation is held, and it does not repeat the opening. */
static __always_inline bool is_held(const struct packet *packet, const struct conversation_key *outward)
{
	__u64 hash = hash_key(outward);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, outward, &from_responder);

	if (known)
		return from_responder || known->initiator_sequence != packet->sequence;
	return find(&established, hash, outward, &from_responder);
}

/* A first fragment that ends before the flags opens what nobody holds; of what is held it tells nothing. */
static __always_inline void on_tcp(struct packet *packet, struct finding *finding)
{
	if (lacks_flags(packet) && is_held(packet, &finding->key))
		return;
	if (packet->tcp_flags & TCP_RST)
		on_tcp_reset(packet, finding);
	else if (!(packet->tcp_flags & TCP_ACK))
		on_tcp_opening(packet, finding);
	else if (packet->tcp_flags & TCP_SYN)
		on_tcp_answer(packet, finding);
	else
		on_tcp_acknowledgment(packet, finding);
}

/* RFC 9260: every packet quotes the receiver's tag, so that nobody on the side can end an association. */
static __always_inline void on_sctp_end(struct packet *packet, struct finding *finding, bool is_abort)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = is_abort ? find(&conversations, hash, &finding->key, &from_responder) : NULL;
	bool pending = known;

	if (!known)
		known = find(&established, hash, &finding->key, &from_responder);
	if (!known)
		return;
	if (packet->acknowledgment != (from_responder ? known->initiator_sequence : known->responder_sequence)) {
		COUNT(unmatched_answers);
		return;
	}
	if (pending)
		conclude(hash, known, finding, from_responder ? CONVERSATION_REFUSED : CONVERSATION_ABORTED);
	else
		end(hash, packet, known, finding, from_responder);
}

static __always_inline void on_sctp_handshake(struct packet *packet, struct finding *finding)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, &finding->key, &from_responder);

	if (packet->type == SCTP_INIT_ACK) {
		if (!known || !from_responder || packet->acknowledgment != known->initiator_sequence)
			COUNT(unmatched_answers);
		else if (known->state == STATE_OPENED)
			accept(packet, known, finding);
	} else if (known && !from_responder && known->state == STATE_ACCEPTED &&
		   packet->acknowledgment == known->responder_sequence) {
		establish(hash, known, finding);
	}
}

static __always_inline void on_sctp(struct packet *packet, struct finding *finding)
{
	switch (packet->type) {
	case SCTP_INIT:
		on_tcp_opening(packet, finding);
		break;
	case SCTP_INIT_ACK:
	case SCTP_COOKIE_ECHO:
		on_sctp_handshake(packet, finding);
		break;
	case SCTP_ABORT:
	case SCTP_SHUTDOWN:
		on_sctp_end(packet, finding, packet->type == SCTP_ABORT);
		break;
	default:
		break;
	}
}

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

/* What the packet means for its conversation; finding->kind stays 0 when it means nothing new. */
__noinline int observe(struct packet *packet, struct finding *finding)
{
	if (!packet || !finding)
		return 0;
	if (is_unreachable(packet)) {
		on_unreachable(packet, finding);
		return 0;
	}
	key_outward(&finding->key, packet);
	switch (packet->protocol) {
	case IPPROTO_TCP:
		on_tcp(packet, finding);
		break;
	case IPPROTO_SCTP:
		on_sctp(packet, finding);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		on_icmp(packet, finding);
		break;
	case PROTOCOL_NEIGHBOUR_DISCOVERY:
		on_discovery(packet, finding);
		break;
	default:
		on_exchange(packet, finding, false);
		break;
	}
	return 0;
}

#undef THIS_FILE

#endif
