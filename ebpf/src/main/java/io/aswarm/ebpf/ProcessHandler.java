package io.aswarm.ebpf;

/**
 * Takes process events from {@link KernelSensor#pollProcesses(ProcessHandler, int)} on the polling thread.
 */
@FunctionalInterface
public interface ProcessHandler
{
    /**
     * A process started, became another program, or ended.
     *
     * @param process a view of the record in the mapped ring, valid during this call only.
     */
    void onProcess(ProcessFlyweight process);
}
