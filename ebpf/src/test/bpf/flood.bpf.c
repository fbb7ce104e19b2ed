// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Run with BPF_F_TEST_XDP_LIVE_FRAMES each sends a frame for each run by the interface that the constants name:
 * aswarm_flood a TCP SYN of sources, and to ports if wanted, in turn or by chance; aswarm_repeat the frame as it is.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char program_license[] SEC("license") = "Dual BSD/GPL";

struct flood {
	__u32 interface_index;
	/* How many sources take turns; 0 for any at random. */
	__u32 sources;
	/* How many ports are aimed at, by chance. */
	__u32 ports;
	__u32 first_source;
};

const volatile struct flood flood = {.sources = 1, .ports = 1};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sent SEC(".maps");

SEC("xdp")
int aswarm_flood(struct xdp_md *context)
{
	struct ethhdr *ethernet = (void *)(long)context->data;
	struct iphdr *ip = (void *)(ethernet + 1);
	struct tcphdr *tcp = (void *)(ip + 1);
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&sent, &key);

	if (!count || (void *)(tcp + 1) > (void *)(long)context->data_end)
		return XDP_ABORTED;
	(*count)++;
	ip->saddr =
		bpf_htonl(flood.first_source + (flood.sources ? *count % flood.sources : bpf_get_prandom_u32() >> 16));
	tcp->source = bpf_htons(1024 + (*count & 0x7fff));
	tcp->dest = bpf_htons(80 + (flood.ports > 1 ? bpf_get_prandom_u32() % flood.ports : 0));
	tcp->seq = bpf_get_prandom_u32();
	return bpf_redirect(flood.interface_index, 0);
}

SEC("xdp")
int aswarm_repeat(struct xdp_md *context __attribute__((unused)))
{
	return bpf_redirect(flood.interface_index, 0);
}
