/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* From a finding to a record in the ring, and the balance of what was seen. */
#ifndef REPORT_H
#define REPORT_H

#include "burst.h"
#include "neighbour.h"

/* The record in the making; the stack has no room for it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct conversation_event);
} drafts SEC(".maps");

static __always_inline struct conversation_event *draft_of_cpu(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&drafts, &key);
}

static __always_inline void fill_event(struct conversation_event *event, struct packet *packet,
				       const struct finding *finding)
{
	event->time_ns = packet_now(packet);
	event->initiator = finding->key.initiator;
	event->responder = finding->key.responder;
	event->interface_index = packet->interface_index;
	event->weight = 1;
	event->initiator_port = finding->key.initiator_port;
	event->responder_port = finding->key.responder_port;
	event->vlan = packet->vlan;
	event->length_bytes = packet->length_bytes > 0xffff ? 0xffff : packet->length_bytes;
	event->kind = finding->kind;
	event->protocol = finding->key.protocol;
	event->tcp_flags = packet->tcp_flags;
	event->flags = finding->flags | (packet->contained ? CONVERSATION_CONTAINED : 0) |
		       (packet->tunnels ? CONVERSATION_TUNNEL : 0);
	event->quantity = finding->quantity;
}

/* Whether the event is to be written now; if not it has been booked already. */
static __always_inline bool admit(const struct conversation_event *event)
{
	struct budget *budget = budget_of_cpu(event->time_ns);
	struct claim claim;
	struct books books;

	/* Samples have a rate of their own, see volume.h. */
	if (event->kind == CONVERSATION_VOLUME)
		return true;
	if (!budget)
		return false;
	make_claim(&claim, event, budget->window);
	if (draw(budget, &claim))
		return true;

	if (!open_books(&books, event->interface_index, event->kind))
		return false;
	BOOK(&books, seen, 1);
	if (collapse(budget, &claim, event))
		BOOK(&books, weighted, 1);
	else
		BOOK(&books, lost_over_budget, 1);
	close_books(&books);
	return false;
}

__noinline int prepare_record(struct packet *packet, const struct finding *finding, struct conversation_event *event)
{
	if (!packet || !finding || !event)
		return 0;
	fill_event(event, packet, finding);
	return admit(event);
}

__noinline int write_record(const struct conversation_event *event)
{
	struct books books;

	if (!event || !open_books(&books, event->interface_index, event->kind))
		return 0;
	BOOK(&books, seen, 1);
	if (bpf_ringbuf_output(&events, (void *)event, sizeof(*event), 0) < 0)
		BOOK(&books, lost_ring_full, 1);
	else
		BOOK(&books, delivered, 1);
	close_books(&books);
	return 0;
}

__noinline int report_xdp(struct xdp_md *context, struct packet *packet, const struct finding *finding)
{
	struct conversation_event *event = draft_of_cpu();

	if (event && packet && finding && prepare_record(packet, finding, event)) {
		if (is_on_link_xdp(context, packet))
			event->flags |= CONVERSATION_ON_LINK;
		write_record(event);
	}
	return 0;
}

__noinline int report_skb(struct __sk_buff *context, struct packet *packet, const struct finding *finding, bool inward)
{
	struct conversation_event *event = draft_of_cpu();

	if (event && packet && finding && prepare_record(packet, finding, event)) {
		if (inward && is_on_link_skb(context, packet))
			event->flags |= CONVERSATION_ON_LINK;
		write_record(event);
	}
	return 0;
}

#endif
