// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The least that a program can do to a packet, and the next more, to measure others against. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char program_license[] SEC("license") = "Dual BSD/GPL";

SEC("xdp.frags")
int aswarm_bare_drop(struct xdp_md *context __attribute__((unused)))
{
	return XDP_DROP;
}

/* Asks whether it is IP: what reading a packet at all costs, which is a line of cache from the CPU that sent it. */
SEC("xdp.frags")
int aswarm_read_drop(struct xdp_md *context)
{
	struct ethhdr *ethernet = (void *)(long)context->data;

	if ((void *)(ethernet + 1) > (void *)(long)context->data_end)
		return XDP_PASS;
	return ethernet->h_proto == bpf_htons(ETH_P_IP) ? XDP_DROP : XDP_PASS;
}
