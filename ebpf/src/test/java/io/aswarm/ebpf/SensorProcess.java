package io.aswarm.ebpf;

import java.nio.file.Path;

/** A node's process for tests that kill it: attaches, contains an address, says so, and then only lives. */
final class SensorProcess
{
    static final String READY = "contained until ";

    private SensorProcess()
    {
    }

    /** Arguments: pin directory, address, act id, time to live in ms. */
    public static void main(final String[] args) throws KernelException, InterruptedException
    {
        final KernelSensorConfig config = KernelSensorConfig.builder("rack1", Path.of(args[0]))
            .interfaces(TestRack.INTERFACES).ringBytes(1 << 16).build();
        try (KernelSensor sensor = KernelSensor.open(config))
        {
            final IpAddress address = IpAddress.parse(args[1]);
            final long deadlineNs = System.nanoTime() + Long.parseLong(args[3]) * 1_000_000;
            sensor.quarantine().contain(
                QuarantineRule.source(address), deadlineNs, Long.parseLong(args[2]), Quarantine.MODE_DROP, 0, 0);
            System.out.println(READY + deadlineNs);
            Thread.currentThread().join();
        }
    }
}
