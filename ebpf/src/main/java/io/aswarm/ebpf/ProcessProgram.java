package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.List;

/**
 * The programs on the raw tracepoints of fork, exec and exit, and of who listens. Nothing of theirs is pinned; they end
 * with the process, since they only sense.
 */
final class ProcessProgram implements AutoCloseable
{
    private static final String OBJECT = "process.bpf.o";
    private static final String[] TRACEPOINTS =
        {"sched_process_fork", "sched_process_exec", "sched_process_exit", "inet_sock_set_state"};
    private static final String PROGRAM_PREFIX = "aswarm_";

    private final BpfObject object;
    private final List<Integer> links = new ArrayList<>();

    ProcessProgram(final int ringBytes) throws KernelException
    {
        object = BpfObject.open(OBJECT);
        try
        {
            object.entriesMax("process_events", ringBytes);
            final String[] programs = new String[TRACEPOINTS.length];
            for (int i = 0; i < programs.length; i++)
            {
                programs[i] = PROGRAM_PREFIX + TRACEPOINTS[i];
            }
            object.load(programs);

            for (final String each : TRACEPOINTS)
            {
                final int link = LibBpf.api().bpf_raw_tracepoint_open(each, object.programFd(PROGRAM_PREFIX + each));
                if (link < 0)
                {
                    throw new KernelException("raw tracepoint " + each + " can not be attached to", -link,
                        "needs CAP_PERFMON; without it set processEvents to false");
                }
                links.add(link);
            }
        }
        catch (final KernelException ex)
        {
            close();
            throw ex;
        }
    }

    int mapFd(final String name) throws KernelException
    {
        return object.mapFd(name);
    }

    @Override
    public void close()
    {
        links.forEach(LibC.API::close);
        links.clear();
        object.close();
    }
}
