/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What is counted: per CPU in all, per CPU, interface and kind for events, and per line for calls that fail. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct account);
} accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct event_source);
	__type(value, struct event_account);
} event_accounts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 256);
	__type(key, struct call_site);
	__type(value, __u64);
} failures SEC(".maps");

_Static_assert(__builtin_offsetof(struct account, fault_bad_quote) -
			       __builtin_offsetof(struct account, fault_truncated_link) ==
		       (FAULT_BAD_QUOTE - FAULT_TRUNCATED_LINK) * sizeof(__u64),
	       "faults in the order of enum fault");
_Static_assert(__builtin_offsetof(struct account, fault_bad_arp) -
			       __builtin_offsetof(struct account, fault_truncated_link) ==
		       (FAULT_BAD_ARP - FAULT_TRUNCATED_LINK) * sizeof(__u64),
	       "faults in the order of enum fault");

/* Programs on the packet path run to their end on one CPU, so plain additions to its own account are enough. */
static __always_inline struct account *account_of_cpu(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&accounts, &key);
}

#define COUNT(field)                                                                                                   \
	do {                                                                                                           \
		struct account *of_cpu = account_of_cpu();                                                             \
                                                                                                                       \
		if (of_cpu)                                                                                            \
			of_cpu->field++;                                                                               \
	} while (0)

static __always_inline void count_fault(struct account *account, __u8 fault)
{
	__u32 index = fault - FAULT_TRUNCATED_LINK;

	/* Without it the compiler checks one copy and indexes with another, which the verifier does not follow. */
	barrier_var(index);
	if (index <= FAULT_BAD_ARP - FAULT_TRUNCATED_LINK)
		(&account->fault_truncated_link)[index]++;
}

/* A new site is a new entry; a table that is full loses the line, not the count. */
__noinline int count_failure(__u16 file, __u16 line, long error)
{
	struct call_site site = {.file = file, .line = line, .error = error};
	__u64 *count;
	__u64 none = 0;

	COUNT(helper_failures);
	count = bpf_map_lookup_elem(&failures, &site);
	if (!count) {
		bpf_map_update_elem(&failures, &site, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&failures, &site);
	}
	if (count)
		(*count)++;
	return 0;
}

/* The result of a call to the kernel, counted under this line when it is an error. */
#define CHECKED(call)                                                                                                  \
	({                                                                                                             \
		long result = (call);                                                                                  \
                                                                                                                       \
		if (result < 0)                                                                                        \
			count_failure(THIS_FILE, __LINE__, result);                                                    \
		result;                                                                                                \
	})

/* Where one event is booked: seen, and then delivered, weighted or lost, in both accounts or in neither. */
struct books {
	struct account *all;
	struct event_account *part;
};

#define BOOK(books, field, change)                                                                                     \
	do {                                                                                                           \
		(books)->all->field += (change);                                                                       \
		if ((books)->part)                                                                                     \
			(books)->part->field += (change);                                                              \
	} while (0)

static __always_inline bool open_books(struct books *books, __u32 interface_index, __u8 kind)
{
	struct event_source source = {.interface_index = interface_index, .kind = kind};

	books->all = account_of_cpu();
	if (!books->all)
		return false;
	books->part = bpf_map_lookup_elem(&event_accounts, &source);
	if (!books->part) {
		struct event_account none = {};

		/* Another CPU may have been faster. */
		bpf_map_update_elem(&event_accounts, &source, &none, BPF_NOEXIST);
		books->part = bpf_map_lookup_elem(&event_accounts, &source);
	}
	books->all->begun++;
	if (books->part)
		books->part->begun++;
	barrier();
	return true;
}

static __always_inline void close_books(struct books *books)
{
	barrier();
	books->all->completed++;
	if (books->part)
		books->part->completed++;
}

#endif
