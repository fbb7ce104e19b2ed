// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* Fills a ring with records of the sensor's size, one for each run; and the bare verdicts. For benchmarks. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "aswarm_events.h"

char program_license[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16777216);
} records SEC(".maps");

static __always_inline void record(__u64 flags)
{
	struct conversation_event event = {.time_ns = bpf_ktime_get_ns(), .weight = 1, .kind = CONVERSATION_OPENED};

	bpf_ringbuf_output(&records, &event, sizeof(event), flags);
}

SEC("xdp")
int aswarm_record(struct xdp_md *context __attribute__((unused)))
{
	record(BPF_RB_NO_WAKEUP);
	return XDP_PASS;
}

/* As the sensor does it: wakes a reader that has read all there was. */
SEC("xdp")
int aswarm_record_waking(struct xdp_md *context __attribute__((unused)))
{
	record(0);
	return XDP_PASS;
}

SEC("xdp")
int aswarm_bare(struct xdp_md *context __attribute__((unused)))
{
	return XDP_PASS;
}

SEC("tc")
int aswarm_bare_tc(struct __sk_buff *context __attribute__((unused)))
{
	return TC_ACT_UNSPEC;
}
