// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The least that a program can do to a packet, to measure others against. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char program_license[] SEC("license") = "Dual BSD/GPL";

SEC("xdp.frags")
int aswarm_bare_drop(struct xdp_md *context __attribute__((unused)))
{
	return XDP_DROP;
}
