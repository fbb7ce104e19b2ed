// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * One packet that came in by a watched interface: drop it if its source is contained, else tell what it does to the
 * conversation it belongs to. Everything that can not be decoded passes, counted by reason.
 */
#include "packet.h"
#include "account.h"
#include "settings.h"
#include "decode.h"
#include "quarantine.h"
#include "conversation.h"
#include "burst.h"

char program_license[] SEC("license") = "Dual BSD/GPL";

/* Never loaded: names the enums to the BTF, where LayoutTest looks for them. */
struct {
	enum conversation_kind conversation_kind;
	enum conversation_flag conversation_flag;
	enum quarantine_mode quarantine_mode;
} network_layout SEC("layout");

static __always_inline __u8 observe(struct packet *packet, struct conversation_key *key, __u8 *flags)
{
	switch (packet->protocol) {
	case IPPROTO_TCP:
		return decode_tcp(packet) ? on_tcp(packet, key, flags) : 0;
	case IPPROTO_UDP:
		return decode_udp(packet) ? on_udp(packet, key) : 0;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return decode_icmp(packet) ? on_icmp(packet, key) : 0;
	default:
		return 0;
	}
}

static __always_inline void sense(struct packet *packet)
{
	struct conversation_key key = {};
	__u8 flags = 0;
	__u8 kind;

	if (packet->ether_type == bpf_htons(ETH_P_IP) ? !decode_ipv4(packet) : !decode_ipv6(packet))
		return;
	if (packet->later_fragment) {
		COUNT(packet, fragments);
		return;
	}
	if (is_group(&packet->destination))
		return;

	kind = observe(packet, &key, &flags);
	if (kind)
		report(packet, &key, kind, flags);
}

/* Frames in several buffers (jumbo frames in the driver's path) have their headers in the first. */
SEC("xdp.frags")
int aswarm_network(struct xdp_md *context)
{
	struct packet packet = {
		.account = is_probe(context) ? NULL : account_of_cpu(),
		.start = (void *)(long)context->data,
		.cursor = (void *)(long)context->data,
		.end = (void *)(long)context->data_end,
		.now_ns = bpf_ktime_get_ns(),
		.length_bytes = bpf_xdp_get_buff_len(context),
		.interface_index = context->ingress_ifindex,
	};

	if (packet.account) {
		packet.account->packets++;
		packet.account->bytes += packet.length_bytes;
	}

	if (!decode_link(&packet) || !decode_addresses(&packet))
		return XDP_PASS;
	if (enforce_quarantine(&packet))
		return XDP_DROP;
	if (packet.account)
		sense(&packet);
	return XDP_PASS;
}
