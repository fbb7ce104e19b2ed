/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "packet.h"

/* The only constant of the object, so that it starts .rodata, where the loader writes it. */
const volatile struct settings settings = {
	.burst_window_ns = 1000000,
	.burst_records_max = 64,
};

/*
 * A probe brings the nonce as metadata. Metadata lies before the packet and is set by who calls BPF_PROG_TEST_RUN, or
 * by a driver; no byte of it comes from a wire, and the nonce is random for each load.
 */
static __always_inline bool is_probe(const struct xdp_md *context)
{
	__u64 *nonce = (void *)(long)context->data_meta;

	if ((void *)(nonce + 2) > (void *)(long)context->data)
		return false;
	return nonce[0] == settings.probe_nonce[0] && nonce[1] == settings.probe_nonce[1];
}

#endif
