package io.aswarm.ebpf;

import org.agrona.BitUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The consumer's side of a BPF ring buffer in mapped pages (kernel/bpf/ringbuf.c): page 0 holds the consumer's
 * position and is ours to write, page 1 the producer's, then the data, mapped twice so that no record wraps.
 * <p>
 * Assumptions: one consumer thread; the kernel publishes a record by clearing its BUSY bit with release semantics.
 * Guarantees: records are handed on once, in order, in place; the space is given back after the handler returned, also
 * when it threw. Progress: bounded by the limit; never blocks, never calls the kernel, never allocates.
 */
final class BpfRing implements AutoCloseable
{
    private static final int HEADER_LENGTH = 8;
    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final int PRODUCER_POSITION_OFFSET = 0;
    private static final int DATA_OFFSET = MemoryMap.PAGE_BYTES;

    private final int mask;
    private final MemoryMap consumerPage;
    private final MemoryMap producerPages;
    private final UnsafeBuffer consumer;
    private final UnsafeBuffer producer;
    private final long producerAddress;
    private long position;

    /** Takes records where they lie. */
    interface RecordHandler
    {
        void onRecord(UnsafeBuffer buffer, int offset, int length);
    }

    BpfRing(final int fd, final int ringBytes) throws KernelException
    {
        MemoryMap.selfTest();
        mask = ringBytes - 1;
        consumerPage = new MemoryMap(fd, 0, MemoryMap.PAGE_BYTES, true);
        try
        {
            producerPages = new MemoryMap(fd, MemoryMap.PAGE_BYTES, DATA_OFFSET + 2 * ringBytes, false);
        }
        catch (final KernelException ex)
        {
            consumerPage.close();
            throw ex;
        }
        consumer = consumerPage.buffer();
        producer = producerPages.buffer();
        producerAddress = producer.addressOffset();
        position = consumer.getLongAcquire(0);
    }

    /** Hand on at most {@code limit} records. */
    int poll(final RecordHandler handler, final int limit)
    {
        final long end = producer.getLongAcquire(PRODUCER_POSITION_OFFSET);
        final long begin = position;
        int count = 0;
        try
        {
            while (count < limit && position < end)
            {
                final int offset = DATA_OFFSET + ((int)position & mask);
                // The mask keeps it within the map: no check for each record.
                final int header = UnsafeApi.getIntAcquire(null, producerAddress + offset);
                if ((header & BUSY) != 0)
                {
                    break;
                }

                final int length = header & ~(BUSY | DISCARD);
                position += BitUtil.align(length + HEADER_LENGTH, Long.BYTES);
                if ((header & DISCARD) == 0)
                {
                    count++;
                    handler.onRecord(producer, offset + HEADER_LENGTH, length);
                }
            }
        }
        finally
        {
            if (position != begin)
            {
                consumer.putLongRelease(0, position);
            }
        }
        return count;
    }

    @Override
    public void close()
    {
        producerPages.close();
        consumerPage.close();
    }
}
