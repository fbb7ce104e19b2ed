/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Whether a packet is under an act, and what becomes of it then. Every live act whose rule describes the packet has its
 * say, and the packet passes only if all let it pass: so one act's end never loosens another, and no order of
 * strictness between modes is needed. The act that drops is the one that counts the packet.
 *
 * What there are no rules for costs no look-up (the census); a single address is found by a hash; only who is found is
 * looked at more closely. A packet in a tunnel is held against the rules twice, by its inner and by its outer
 * addresses; of the outer ones a rule for one service says nothing.
 */
#ifndef QUARANTINE_H
#define QUARANTINE_H

#include "account.h"
#include "act.h"
#include "conversation.h"
#include "decode.h"
#include "neighbour.h"
#include "packet.h"

#define ADDRESS_BITS 128
#define ROLE_BITS 32

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct quarantine_places);
} quarantine_hosts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct quarantine_prefix);
	__type(value, struct quarantine_places);
} quarantine_nets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct quarantine_census);
} quarantine_census SEC(".maps");

/* The worst that the acts of one subject have for the packet. Whoever drops it is the last to be asked. */
__noinline int judge(const struct packet *packet, const struct circumstances *now,
		     const struct quarantine_places *places)
{
	enum fate worst = FATE_FREE;

	if (!packet || !now || !places)
		return FATE_FREE;
	for (int i = 0; i < QUARANTINE_ACTS_MAX && worst != FATE_DROPPED; i++) {
		struct quarantine_act *act = act_at(places, i);

		if (!act)
			break;
		worst = worse(worst, fate_by(act, packet, now));
	}
	return worst;
}

static __always_inline const struct address *address_of(const struct packet *packet, __u32 role, bool outer)
{
	if (role == QUARANTINE_SOURCE)
		return outer ? &packet->outer_source : &packet->source;
	return outer ? &packet->outer_destination : &packet->destination;
}

/* User space computes the same, in QuarantineIndex. */
static __always_inline __u64 subject_key(const struct address *address, __u32 role)
{
	__u64 key = (address->high ^ settings.probe_nonce[1]) * 0x9e3779b97f4a7c15ULL;

	key = (key ^ key >> 32 ^ address->low ^ settings.probe_nonce[0]) * 0xd6e8feb86659fd93ULL;
	return (key ^ key >> 32) + role;
}

static __always_inline __u32 filter_bit(__u64 key)
{
	return key >> 48;
}
_Static_assert(QUARANTINE_FILTER_BITS == 1 << 16, "filter_bit() takes sixteen bits of the key");

static __always_inline bool is_in_filter(const struct quarantine_census *census, __u32 bit)
{
	return census->filter[bit >> 6] >> (bit & 63) & 1;
}

static __always_inline struct quarantine_places *find_host(const struct address *address, __u32 role)
{
	__u64 key = subject_key(address, role);
	struct quarantine_places *places = bpf_map_lookup_elem(&quarantine_hosts, &key);

	return places && same_address(&places->address, address) ? places : NULL;
}

static __always_inline bool may_be_held(const struct quarantine_census *census, const struct address *address,
					__u32 role)
{
	return is_in_filter(census, filter_bit(subject_key(address, role)));
}

static __always_inline struct quarantine_places *find_net(const struct packet *packet, __u32 role, bool outer)
{
	struct quarantine_prefix prefix = {
		.length = ROLE_BITS + ADDRESS_BITS,
		.role = role,
		.address = *address_of(packet, role, outer),
	};

	return bpf_map_lookup_elem(&quarantine_nets, &prefix);
}

__noinline int judge_host(const struct packet *packet, const struct circumstances *now, __u32 role)
{
	struct quarantine_places *places;

	if (!packet || !now)
		return FATE_FREE;
	places = find_host(address_of(packet, role, now->outer), role);
	return places ? judge(packet, now, places) : FATE_FREE;
}

/* As judge_host(), for all prefixes that hold the address: the longest first, then what lies around it. */
__noinline int judge_nets(const struct packet *packet, const struct circumstances *now, __u32 role)
{
	struct quarantine_prefix prefix = {.length = ROLE_BITS + ADDRESS_BITS, .role = role};
	enum fate worst = FATE_FREE;

	if (!packet || !now)
		return FATE_FREE;
	prefix.address = *address_of(packet, role, now->outer);
	for (int i = 0; i <= ADDRESS_BITS && worst != FATE_DROPPED; i++) {
		struct quarantine_places *places = bpf_map_lookup_elem(&quarantine_nets, &prefix);
		struct quarantine_act *act = places ? act_at(places, 0) : NULL;

		if (!act)
			break;
		worst = worse(worst, judge(packet, now, places));
		if (act->prefix_length == 0)
			break;
		prefix.length = ROLE_BITS + act->prefix_length - 1;
	}
	return worst;
}

static __always_inline bool is_answered(const struct packet *packet)
{
	struct conversation_key key = {};
	bool from_responder = false;
	struct conversation *known;

	key_outward(&key, packet);
	known = find(&exchanges, hash_key(&key), &key, &from_responder);
	if (!known || bpf_ktime_get_coarse_ns() - known->time_ns > EXCHANGE_IDLE_NS)
		return false;
	return from_responder || known->state == STATE_ACCEPTED;
}

/* Whether a packet asks for something new. What can not be shown to belong to an established conversation does. */
static __always_inline bool is_opening(const struct packet *packet)
{
	if (packet->later_fragment && !packet->destination_port &&
	    (has_ports(packet->protocol) || is_icmp(packet->protocol)))
		return true;
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return !packet->later_fragment && !(packet->tcp_flags & (TCP_ACK | TCP_RST));
	case IPPROTO_ICMP:
		return packet->type == ICMP_ECHO && !is_answered(packet);
	case IPPROTO_ICMPV6:
		return packet->type == ICMPV6_ECHO_REQUEST && !is_answered(packet);
	case IPPROTO_SCTP:
		return packet->type == SCTP_INIT;
	case PROTOCOL_NEIGHBOUR_DISCOVERY:
		return false;
	default:
		return !is_answered(packet);
	}
}

static __always_inline int judge_addresses(const struct packet *packet, const struct circumstances *now)
{
	enum fate worst = judge_host(packet, now, QUARANTINE_SOURCE);

	if (worst != FATE_DROPPED)
		worst = worse(worst, judge_host(packet, now, QUARANTINE_AIM));
	if (worst != FATE_DROPPED)
		worst = worse(worst, judge_nets(packet, now, QUARANTINE_SOURCE));
	if (worst != FATE_DROPPED)
		worst = worse(worst, judge_nets(packet, now, QUARANTINE_AIM));
	return worst;
}

/* What all acts together have for a packet. Its own for the verifier, and off the path of what nobody contains. */
__noinline int judge_packet(struct packet *packet, __u32 assumptions, bool on_link)
{
	struct circumstances now = {};
	enum fate worst;

	if (!packet)
		return FATE_FREE;
	now.now_ns = packet_now(packet);
	now.counts = packet->account;
	now.halted = is_halted();
	now.buckets_empty = assumptions & PROBE_BUCKETS_EMPTY;
	now.opens = !(assumptions & PROBE_ESTABLISHED) && is_opening(packet);
	now.on_link = on_link || assumptions & PROBE_ON_LINK;
	worst = judge_addresses(packet, &now);
	if (has_outer(packet) && worst != FATE_DROPPED) {
		now.outer = true;
		worst = worse(worst, judge_addresses(packet, &now));
	}
	return worst;
}

/* One that holds an address of the packet, or NULL when nobody does. */
static __always_inline struct quarantine_places *find_any(const struct packet *packet,
							  const struct quarantine_census *census, bool outer)
{
	const struct address *source = address_of(packet, QUARANTINE_SOURCE, outer);
	const struct address *aim = address_of(packet, QUARANTINE_AIM, outer);
	struct quarantine_places *places = NULL;

	if (census->source_addresses && may_be_held(census, source, QUARANTINE_SOURCE))
		places = find_host(source, QUARANTINE_SOURCE);
	if (!places && census->aim_addresses && may_be_held(census, aim, QUARANTINE_AIM))
		places = find_host(aim, QUARANTINE_AIM);
	if (!places && census->source_prefixes)
		places = find_net(packet, QUARANTINE_SOURCE, outer);
	if (!places && census->aim_prefixes)
		places = find_net(packet, QUARANTINE_AIM, outer);
	return places;
}

static __always_inline __u32 assumptions_of(void *context, enum door door)
{
	struct xdp_md *xdp = context;
	__u64 *metadata;

	if (door != DOOR_XDP)
		return ((struct __sk_buff *)context)->cb[4];
	metadata = (void *)(long)xdp->data_meta;
	return (void *)(metadata + 3) > (void *)(long)xdp->data ? 0 : metadata[2];
}

static __always_inline enum fate fate_of(void *context, struct packet *packet, const struct quarantine_census *census,
					 enum door door)
{
	struct quarantine_places *places = find_any(packet, census, false);
	struct quarantine_act *act;
	bool on_link = false;

	if (!places && has_outer(packet))
		places = find_any(packet, census, true);
	if (!places)
		return FATE_FREE;

	/* User space puts acts that drop whatever it is in front. */
	act = act_at(places, 0);
	if (act && is_plain_drop(act) && !is_halted()) {
		if (packet->account)
			count_on(act);
		return FATE_DROPPED;
	}
	if (census->guards)
		on_link = door == DOOR_XDP ? is_on_link_xdp(context, packet) : is_on_link_skb(context, packet);
	return judge_packet(packet, packet->account ? 0 : assumptions_of(context, door), on_link);
}

/* Whether the packet is to be dropped. */
static __always_inline bool enforce_quarantine(void *context, struct packet *packet, enum door door)
{
	__u32 key = 0;
	const struct quarantine_census *census = bpf_map_lookup_elem(&quarantine_census, &key);
	/* Kept here: a pointer in the packet is lost to the verifier where a global function was called with it. */
	struct account *account = packet->account;
	enum fate fate = census ? fate_of(context, packet, census, door) : FATE_FREE;

	if (fate == FATE_FREE)
		return false;
	packet->contained = true;
	if (account && fate == FATE_DROPPED) {
		account->quarantined_packets++;
		account->quarantined_bytes += packet->length_bytes;
	} else if (account && fate == FATE_OBSERVED) {
		account->observed_packets++;
	}
	return fate == FATE_DROPPED;
}

#endif
