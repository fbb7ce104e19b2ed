// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The decoder of the network programs alone: what it made of the last packet lies in a map that tests read in place. */
#include "packet.h"
#include "settings.h"
#include "decode.h"

char program_license[] SEC("license") = "Dual BSD/GPL";

struct decoding {
	struct packet packet;
	struct conversation_key quote;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct decoding);
} decodings SEC(".maps");

SEC("xdp.frags")
int aswarm_decode(struct xdp_md *context)
{
	struct packet packet = {.length_bytes = bpf_xdp_get_buff_len(context)};
	struct conversation_key quote = {};
	struct decoding *decoding;
	__u32 key = 0;

	packet.end_bytes = packet.length_bytes;
	decode(context, &packet, &quote, DOOR_XDP);
	decoding = bpf_map_lookup_elem(&decodings, &key);
	if (decoding) {
		decoding->packet = packet;
		decoding->quote = quote;
	}
	return XDP_PASS;
}
