// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* One program for each thing that a kernel may offer or refuse. They are loaded one at a time, attached, and let go. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

char program_license[] SEC("license") = "Dual BSD/GPL";

#define CLOCK_MONOTONIC 1
#define TC_ACT_UNSPEC (-1)

struct timed {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct timed);
} timers SEC(".maps");

SEC("xdp")
int feature_xdp(void *context __attribute__((unused)))
{
	return XDP_PASS;
}

SEC("tc")
int feature_tc(void *context __attribute__((unused)))
{
	return TC_ACT_UNSPEC;
}

SEC("tc")
int feature_timer(void *context __attribute__((unused)))
{
	__u32 key = 0;
	struct timed *value = bpf_map_lookup_elem(&timers, &key);

	if (value)
		bpf_timer_init(&value->timer, &timers, CLOCK_MONOTONIC);
	return TC_ACT_UNSPEC;
}

SEC("raw_tp/sched_process_exit")
int feature_raw_tracepoint(void *context __attribute__((unused)))
{
	return 0;
}

SEC("tp_btf/sched_process_exit")
int feature_typed_tracepoint(void *context __attribute__((unused)))
{
	return 0;
}

/* The kernel's own function for trying this out (net/bpf/test_run.c); nobody else calls it. */
SEC("fentry/bpf_fentry_test1")
int feature_fentry(void *context __attribute__((unused)))
{
	return 0;
}

SEC("kprobe/bpf_fentry_test1")
int feature_kprobe(void *context __attribute__((unused)))
{
	return 0;
}

SEC("lsm/syslog")
int feature_lsm(void *context __attribute__((unused)))
{
	return 0;
}
