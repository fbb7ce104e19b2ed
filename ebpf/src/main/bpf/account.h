/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

/* Programs on the packet path run to their end on one CPU, so plain additions to its own account are enough. */
#define COUNT(packet, field)                                                                                           \
	do {                                                                                                           \
		if ((packet)->account)                                                                                 \
			(packet)->account->field++;                                                                    \
	} while (0)

static __always_inline struct account *account_of_cpu(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&accounts, &key);
}

/* Writers of seen, delivered, weighted and lost_* stand between these two; see struct account. */
static __always_inline void account_begin(struct account *account)
{
	account->begun++;
	barrier();
}

static __always_inline void account_complete(struct account *account)
{
	barrier();
	account->completed++;
}

#endif
