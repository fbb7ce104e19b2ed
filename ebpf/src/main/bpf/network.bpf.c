// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One packet on a watched interface: drop it if its source is contained, else tell what it does to the conversation it
 * belongs to. Everything that can not be decoded passes, counted by reason.
 *
 * Three doors to the same rooms. What comes in goes through aswarm_network (XDP), or, where an interface takes no XDP,
 * through aswarm_ingress (tc). What goes out is looked at by aswarm_egress only if this host itself sends it, so that a
 * packet which is forwarded from one watched interface to another is told once, where it came in.
 */
#include <linux/pkt_cls.h>

#include "packet.h"
#include "account.h"
#include "settings.h"
#include "decode.h"
#include "fragment.h"
#include "observe.h"
#include "quarantine.h"
#include "early.h"
#include "report.h"
#include "volume.h"

char program_license[] SEC("license") = "Dual BSD/GPL";

/* Headers of a socket buffer that are to lie in its linear part, where programs can read them. */
#define LINEAR_BYTES 128

/* Never loaded: names the enums to the BTF, where LayoutTest looks for them. */
struct {
	enum conversation_kind conversation_kind;
	enum conversation_flag conversation_flag;
	enum quarantine_mode quarantine_mode;
	enum quarantine_role quarantine_role;
	enum probe_assumption probe_assumption;
	enum source_file source_file;
} network_layout SEC("layout");

static __always_inline void report(void *context, struct packet *packet, struct finding *finding, enum door door)
{
	if (door == DOOR_XDP)
		report_xdp(context, packet, finding);
	else
		report_skb(context, packet, finding, door == DOOR_INGRESS);
}

/* What the packet does, and, if it is the one that is asked, how much it carries. */
static __always_inline void sense(void *context, struct packet *packet, struct finding *finding, __u64 total_bytes,
				  enum door door)
{
	__u32 bytes;

	if (is_group(&packet->destination))
		return;
	if (packet->decoded && !packet->later_fragment) {
		observe(packet, finding);
		if (finding->kind)
			report(context, packet, finding, door);
	}
	bytes = sampled_bytes(total_bytes, packet->length_bytes);
	if (bytes && packet->addressed && packet->protocol != PROTOCOL_NEIGHBOUR_DISCOVERY) {
		measure(packet, finding, bytes);
		report(context, packet, finding, door);
	}
}

/* True if the packet is to be dropped. */
static __always_inline bool process(void *context, struct packet *packet, bool is_probe, enum door door)
{
	struct finding finding = {};
	struct account *account;
	__u64 total_bytes = 0;

	decode(context, packet, &finding.key, door);
	if (packet->later_fragment || packet->more_fragments)
		tie_fragment(packet);

	account = is_probe ? NULL : account_of_cpu();
	packet->account = account;
	if (account) {
		if (door == DOOR_EGRESS) {
			account->sent_packets++;
			total_bytes = account->sent_bytes += packet->length_bytes;
		} else {
			account->packets++;
			total_bytes = account->bytes += packet->length_bytes;
		}
		if (packet->fault)
			count_fault(account, packet->fault);
		if (packet->tunnels)
			account->tunnelled_packets++;
	}
	if (door != DOOR_EGRESS && packet->addressed && enforce_quarantine(context, packet, door))
		return true;
	if (account)
		sense(context, packet, &finding, total_bytes, door);
	return false;
}

/* Frames in several buffers (jumbo frames in the driver's path) have their headers in the first. */
SEC("xdp.frags")
int aswarm_network(struct xdp_md *context)
{
	struct packet packet;

	if (drop_early(context))
		return XDP_DROP;
	packet = (struct packet){
		.interface_index = context->ingress_ifindex,
		.length_bytes = bpf_xdp_get_buff_len(context),
	};
	packet.end_bytes = packet.length_bytes;
	return process(context, &packet, is_probe_xdp(context), DOOR_XDP) ? XDP_DROP : XDP_PASS;
}

static __always_inline bool process_skb(struct __sk_buff *context, __u32 interface_index, enum door door)
{
	struct packet packet = {
		.interface_index = interface_index,
		.length_bytes = context->len,
		.end_bytes = context->len,
		.vlan = context->vlan_present ? context->vlan_tci & 0xfff : 0,
	};

	if (context->data_end - context->data < LINEAR_BYTES && context->data_end - context->data < context->len)
		bpf_skb_pull_data(context, LINEAR_BYTES < context->len ? LINEAR_BYTES : context->len);
	return process(context, &packet, is_probe_skb(context), door);
}

SEC("tc")
int aswarm_ingress(struct __sk_buff *context)
{
	return process_skb(context, context->ingress_ifindex, DOOR_INGRESS) ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

/* The rule of both directions: what came in by an interface before (skb_iif) was told there. */
SEC("tc")
int aswarm_egress(struct __sk_buff *context)
{
	if (context->ingress_ifindex)
		COUNT(forwarded_packets);
	else
		process_skb(context, context->ifindex, DOOR_EGRESS);
	return TC_ACT_UNSPEC;
}
