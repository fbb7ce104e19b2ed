/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * libbpf's own consumer of a BPF ring, as a library: what the Java consumer is measured against, in one process and on
 * one ring. Each record's words but the time are summed, as the Java side does.
 */
#include <bpf/libbpf.h>
#include <stdint.h>
#include <time.h>

static uint64_t sum;
static uint64_t *latencies_ns;
static int latency_count;

static int on_record(void *context, void *data, size_t length)
{
	const uint64_t *words = data;

	(void)context;
	/* The first word is the time, which differs. */
	for (size_t i = 1; i < length / sizeof(*words); i++)
		sum += words[i];
	return 0;
}

static int on_stamped(void *context, void *data, size_t length)
{
	struct timespec now;

	(void)context;
	(void)length;
	clock_gettime(CLOCK_MONOTONIC, &now);
	latencies_ns[latency_count++] = now.tv_sec * 1000000000ULL + now.tv_nsec - *(uint64_t *)data;
	return 0;
}

void *drain_open(int fd)
{
	return ring_buffer__new(fd, on_record, NULL, NULL);
}

void *stamped_open(int fd)
{
	return ring_buffer__new(fd, on_stamped, NULL, NULL);
}

void drain_close(void *ring)
{
	ring_buffer__free(ring);
}

int drain_all(void *ring)
{
	return ring_buffer__consume(ring);
}

/* Until so many records came; their ages go where `ages_ns` points. Spins, or sleeps in epoll. */
int drain_stamped(void *ring, long ages_ns, int count, int sleeps)
{
	latencies_ns = (uint64_t *)ages_ns;
	latency_count = 0;
	while (latency_count < count) {
		int result = sleeps ? ring_buffer__poll(ring, 1000) : ring_buffer__consume(ring);

		if (result < 0)
			return result;
	}
	return latency_count;
}

uint64_t drain_sum(void)
{
	return sum;
}
