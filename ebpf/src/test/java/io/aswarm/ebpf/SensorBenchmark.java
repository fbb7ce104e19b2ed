package io.aswarm.ebpf;

import jnr.ffi.LibraryLoader;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;

/**
 * Ratios of the sensor against the bare alternative, each in one run and in turns: what a packet costs over a program
 * that only returns XDP_PASS, and drain and age of records against libbpf's consumer of the ring in C. Started by
 * {@code bench/kernel/sensor.sh}, which compiles {@code drain.c}; its path is the argument.
 */
public final class SensorBenchmark
{
    private static final int ROUNDS = 15;
    private static final int RING_BYTES = 1 << 24;
    private static final int RECORDS = 200_000;
    /** As the sensor thread takes them. */
    private static final int BATCH = 1024;
    private static final int WORDS = ConversationDescriptor.LENGTH / Long.BYTES;

    private static final int LOOPBACK = 1;

    private long sum;

    private SensorBenchmark()
    {
    }

    /** The consumer in C. Public only because jnr-ffi implements it from another loader. */
    public interface Drain
    {
        /**
         * Consumer that sums.
         *
         * @param fd of the ring.
         * @return its handle.
         */
        long drain_open(int fd);

        /**
         * Consumer that measures ages.
         *
         * @param fd of the ring.
         * @return its handle.
         */
        long stamped_open(int fd);

        /**
         * Give it back.
         *
         * @param ring handle.
         */
        void drain_close(long ring);

        /**
         * Take all there is.
         *
         * @param ring handle.
         * @return records.
         */
        int drain_all(long ring);

        /**
         * Sum of all words that were read.
         *
         * @return the sum.
         */
        long drain_sum();

        /**
         * Wait for records and note how old they are.
         *
         * @param ring   handle.
         * @param ages   address of an array of longs.
         * @param count  of records to wait for.
         * @param sleeps 0 to spin, else in epoll.
         * @return records, or a negative errno.
         */
        int drain_stamped(long ring, long ages, int count, int sleeps);
    }

    /**
     * Measure and print.
     *
     * @param arguments path of the compiled drain.c.
     * @throws Exception when the kernel refuses.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final Drain drain = LibraryLoader.create(Drain.class).load(arguments[0]);
        final SensorBenchmark benchmark = new SensorBenchmark();
        try (BpfObject object = BpfObject.open("ring.bpf.o").load())
        {
            benchmark.passPath(object.programFd("aswarm_bare"));
            benchmark.egress(object.programFd("aswarm_bare_tc"));
            benchmark.drain(object, drain);
            RecordAge.measure(object, drain);
        }
    }

    private void passPath(final int bareFd) throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open())
        {
            final int sensorFd = kernel.sensor().programFd("aswarm_network");
            final String payload = "00".repeat(1000);
            ProgramCost.compare("pass path, established ACK, 1,054 bytes", bareFd, sensorFd,
                frame().ip("198.18.0.1", "198.18.1.2").tcp(40000, 80, ACK, 1, 1).hex(payload).build());
            ProgramCost.compare("pass path, datagram of a known exchange, 1,042 bytes", bareFd, sensorFd,
                frame().ip("198.18.0.1", "198.18.1.2").udp(40000, 53, 1000).build());
            ProgramCost.compare("pass path, IPv6 established ACK, 1,074 bytes", bareFd, sensorFd,
                frame().ip("2001:2::1", "2001:2:0:1::2").tcp(40000, 80, ACK, 1, 1).hex(payload).build());
            ProgramCost.compare("pass path, repeated SYN of one source", bareFd, sensorFd,
                frame().ip("198.18.0.1", "198.18.1.2").tcp(40000, 80, SYN, 1, 0).build());
        }
    }

    /** Each forwarded packet meets the program in tc once more on its way out; the host's own meet it only there. */
    private void egress(final int bareFd) throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open())
        {
            final int sensorFd = kernel.sensor().programFd("aswarm_egress");
            final byte[] packet = frame().ip("198.18.0.1", "198.18.1.2").tcp(40000, 80, ACK, 1, 1)
                .hex("00".repeat(1000)).build();
            ProgramCost.compare("egress, forwarded packet, 1,054 bytes", LOOPBACK, bareFd, sensorFd, packet);
            ProgramCost.compare("egress, the host's own established ACK, 1,054 bytes", 0, bareFd, sensorFd, packet);
        }
    }

    private void drain(final BpfObject object, final Drain drain) throws KernelException
    {
        final int fd = object.mapFd("records");
        final int programFd = object.programFd("aswarm_record");
        final byte[] packet = new byte[64];
        final long[] javaNs = new long[ROUNDS];
        final long[] nativeNs = new long[ROUNDS];
        for (int i = 0; i < 2 * ROUNDS; i++)
        {
            ProgramCost.durationNs(programFd, packet, RECORDS);
            javaNs[i % ROUNDS] = javaDrainNs(fd);
            ProgramCost.durationNs(programFd, packet, RECORDS);
            nativeNs[i % ROUNDS] = nativeDrainNs(fd, drain);
        }
        Arrays.sort(javaNs);
        Arrays.sort(nativeNs);
        final double javaEach = (double)javaNs[ROUNDS / 2] / RECORDS;
        final double nativeEach = (double)nativeNs[ROUNDS / 2] / RECORDS;
        System.out.printf("drain: Java %.2f ns, C %.2f ns a record, Java has %.2f of C's rate (medians of %d)%n",
            javaEach, nativeEach, nativeEach / javaEach, ROUNDS);
        if (sum != drain.drain_sum())
        {
            throw new IllegalStateException("the two did not read the same records");
        }
    }

    private long javaDrainNs(final int fd) throws KernelException
    {
        try (BpfRing ring = new BpfRing(fd, RING_BYTES))
        {
            final BpfRing.RecordHandler handler = this::onRecord;
            final long startNs = System.nanoTime();
            int count = 0;
            for (int batch = ring.poll(handler, BATCH); batch > 0; batch = ring.poll(handler, BATCH))
            {
                count += batch;
            }
            final long endNs = System.nanoTime();
            requireAll(count);
            return endNs - startNs;
        }
    }

    private long nativeDrainNs(final int fd, final Drain drain)
    {
        final long ring = drain.drain_open(fd);
        final long startNs = System.nanoTime();
        final int count = drain.drain_all(ring);
        final long endNs = System.nanoTime();
        drain.drain_close(ring);
        requireAll(count);
        return endNs - startNs;
    }

    private static void requireAll(final int count)
    {
        if (count != RECORDS)
        {
            throw new IllegalStateException(count + " of " + RECORDS + " records");
        }
    }

    private void onRecord(final UnsafeBuffer buffer, final int offset, final int length)
    {
        // As the flyweight does it: one check for a record. The first word is the time, which differs.
        buffer.boundsCheck(offset, length);
        final long address = buffer.addressOffset() + offset;
        long words = 0;
        for (int i = 1; i < WORDS; i++)
        {
            words += UnsafeApi.getLong(null, address + i * Long.BYTES);
        }
        sum += words;
    }
}
