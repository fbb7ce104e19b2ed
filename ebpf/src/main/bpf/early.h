/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * The shortest way from a contained source to its drop: nothing is decoded but an untagged IP header, and no helper is
 * called, since each costs more than all the rest (bench/kernel/drop.sh). What is not dropped here, and every probe,
 * goes the long way, which decides alike.
 */
#ifndef EARLY_H
#define EARLY_H

#include "account.h"
#include "quarantine.h"

/* What is read of a frame: who sends it, and how much its headers speak for; 0 where they do not say. */
struct glimpse {
	struct address source;
	__u32 length_bytes;
};

static __always_inline bool glimpse_ipv4(const struct frame frame, struct glimpse *seen)
{
	struct iphdr *ip = frame.start + ETH_HLEN;

	if ((void *)(ip + 1) > frame.end || ip->version != 4)
		return false;
	seen->source = mapped_address(ip->saddr);
	seen->length_bytes = ip->tot_len ? ETH_HLEN + bpf_ntohs(ip->tot_len) : 0;
	return true;
}

static __always_inline bool glimpse_ipv6(const struct frame frame, struct glimpse *seen)
{
	struct ipv6hdr *ip = frame.start + ETH_HLEN;

	if ((void *)(ip + 1) > frame.end || ip->version != 6)
		return false;
	__builtin_memcpy(&seen->source, &ip->saddr, sizeof(seen->source));
	seen->length_bytes = ip->payload_len ? ETH_HLEN + sizeof(*ip) + bpf_ntohs(ip->payload_len) : 0;
	return !is_mapped(&seen->source);
}

static __always_inline bool glimpse(const struct frame frame, struct glimpse *seen)
{
	struct ethhdr *ethernet = frame.start;

	if ((void *)(ethernet + 1) > frame.end)
		return false;
	if (ethernet->h_proto == bpf_htons(ETH_P_IP))
		return glimpse_ipv4(frame, seen);
	return ethernet->h_proto == bpf_htons(ETH_P_IPV6) && glimpse_ipv6(frame, seen);
}

/* The act that drops all that the address sends, if the census leads to it. */
static __always_inline struct quarantine_act *drop_of(const struct address *source)
{
	__u32 bit = filter_bit(subject_key(source, QUARANTINE_SOURCE));
	const struct quarantine_census *census;
	struct quarantine_act *act;
	__u32 place = 0;

	census = bpf_map_lookup_elem(&quarantine_census, &place);
	if (!census || !census->source_addresses || !is_in_filter(census, bit))
		return NULL;
	place = census->drop_place[bit] - 1;
	act = bpf_map_lookup_elem(&quarantine_acts, &place);
	/* In this order: a place that is given to another subject is out of force in between. */
	if (!act || !is_plain_drop(act) || act->role != QUARANTINE_SOURCE || act->prefix_length != ADDRESS_BITS ||
	    !same_address(&act->address, source))
		return NULL;
	return act;
}

/* True if the packet is to be dropped. */
static __always_inline bool drop_early(struct xdp_md *context)
{
	const struct frame frame = frame_of_xdp(context);
	struct quarantine_act *act;
	struct account *account;
	struct glimpse seen;
	__u32 length_bytes = context->data_end - context->data;

	if (context->data_meta != context->data || !glimpse(frame, &seen))
		return false;
	act = drop_of(&seen.source);
	account = act ? account_of_cpu() : NULL;
	if (!account || is_halted())
		return false;
	/* Only of what speaks for more than the first buffer there may be more. */
	if (!seen.length_bytes || seen.length_bytes > length_bytes)
		length_bytes = bpf_xdp_get_buff_len(context);
	account->packets++;
	account->bytes += length_bytes;
	account->quarantined_packets++;
	account->quarantined_bytes += length_bytes;
	count_on(act);
	return true;
}

#endif
