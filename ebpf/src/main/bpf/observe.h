/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The door to conversations: from a decoded packet to what it means. */
#ifndef OBSERVE_H
#define OBSERVE_H

#include "exchange.h"
#include "handshake.h"

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

#endif
