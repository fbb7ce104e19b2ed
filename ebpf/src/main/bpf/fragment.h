/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Later fragments carry no ports. They get those of their first, if it came before them (RFC 791, RFC 8200 4.5). */
#ifndef FRAGMENT_H
#define FRAGMENT_H

#include "account.h"
#include "packet.h"

struct fragment_key {
	struct address source;
	struct address destination;
	__u32 id;
	__u32 protocol;
};

struct fragment_ports {
	__u16 source_port;
	__u16 destination_port;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct fragment_key);
	__type(value, struct fragment_ports);
} fragments SEC(".maps");

#define THIS_FILE FILE_FRAGMENT_H

/* Remembers the ports of a first fragment, or gives them to a later one. */
__noinline int tie_fragment(struct packet *packet)
{
	struct fragment_key key = {};
	struct fragment_ports ports = {};
	struct fragment_ports *first;

	if (!packet)
		return 0;
	key.source = packet->source;
	key.destination = packet->destination;
	key.id = packet->fragment_id;
	key.protocol = packet->protocol;

	if (!packet->later_fragment) {
		ports.source_port = packet->source_port;
		ports.destination_port = packet->destination_port;
		CHECKED(bpf_map_update_elem(&fragments, &key, &ports, BPF_ANY));
		return 0;
	}
	COUNT(fragments);
	first = bpf_map_lookup_elem(&fragments, &key);
	if (first) {
		packet->source_port = first->source_port;
		packet->destination_port = first->destination_port;
	} else {
		COUNT(fragments_untied);
	}
	return 0;
}

#undef THIS_FILE

#endif
