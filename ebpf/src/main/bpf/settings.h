/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "packet.h"

/* The only constant of the object, so that it starts .rodata, where the loader writes it. */
const volatile struct settings settings = {
	.burst_window_ns = 1000000000,
	.burst_records_max = 8192,
	.ring_records_max = 4096,
};

static __always_inline bool is_nonce(const __u64 *nonce)
{
	return nonce[0] == settings.probe_nonce[0] && nonce[1] == settings.probe_nonce[1];
}

/*
 * A probe brings the nonce as metadata. Metadata lies before the packet and is set by who calls BPF_PROG_TEST_RUN, or
 * by a driver; no byte of it comes from a wire, and the nonce is random for each load.
 */
static __always_inline bool is_probe_xdp(const struct xdp_md *context)
{
	__u64 *nonce = (void *)(long)context->data_meta;

	return (void *)(nonce + 2) <= (void *)(long)context->data && is_nonce(nonce);
}

/* A run on a socket buffer has no metadata; its control block is the kernel's own and of no wire either. */
static __always_inline bool is_probe_skb(const struct __sk_buff *context)
{
	__u64 nonce[2] = {context->cb[0] | (__u64)context->cb[1] << 32, context->cb[2] | (__u64)context->cb[3] << 32};

	return is_nonce(nonce);
}

#endif
