package io.aswarm.twinlab;

import io.aswarm.sketch.ProcessEvent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what began on a host from SysFlow (sysflow.readthedocs.io, "Entities, Events and Flows"). A program serves when
 * a process that runs it, in the same container, accepts; servers hand what they accept to processes of their own. A
 * process whose first descriptors carry a network flow was given the network as its input. Both are looked for in the
 * whole trace first, since SysFlow tells flows when they end.
 */
final class SysFlowReader
{
    private static final int EXEC = 1 << 1;
    private static final int ACCEPT = 1 << 5;
    private static final int STANDARD_ERROR = 2;

    private record Program(Object path, Object container)
    {
    }

    private final Map<Object, Map<?, ?>> processes = new HashMap<>();
    private final Set<Program> serving = new HashSet<>();
    private final Set<Object> connected = new HashSet<>();
    private final List<ProcessRecord> records = new ArrayList<>();

    private SysFlowReader()
    {
    }

    /**
     * Read SysFlow objects.
     *
     * @param objects of an Avro container, in its order.
     * @return programs in that order.
     */
    static List<ProcessRecord> read(final List<Object> objects)
    {
        final SysFlowReader reader = new SysFlowReader();
        for (final Object object : objects)
        {
            reader.onFlow(map(map(object).get("rec")));
        }
        reader.processes.clear();
        for (final Object object : objects)
        {
            reader.onEntry(map(map(object).get("rec")));
        }
        return reader.records;
    }

    private void onFlow(final Map<?, ?> entry)
    {
        if ("Process".equals(entry.get("")))
        {
            processes.put(entry.get("oid"), entry);
        }
        else if ("NetworkFlow".equals(entry.get("")))
        {
            if (0 != (number(entry, "opFlags") & ACCEPT))
            {
                serving.add(program(processes.get(entry.get("procOID"))));
            }
            final int protocol = (int)number(entry, "proto");
            if ((CaptureDecoder.TCP == protocol || CaptureDecoder.UDP == protocol) &&
                number(entry, "fd") <= STANDARD_ERROR)
            {
                connected.add(entry.get("procOID"));
            }
        }
    }

    private void onEntry(final Map<?, ?> entry)
    {
        final Map<?, ?> process = processes.get(entry.get("procOID"));
        if ("Process".equals(entry.get("")))
        {
            // an execution comes after the entry that says what the process is now: keep what it was
            final Map<?, ?> before = processes.get(entry.get("oid"));
            final Map<Object, Object> now = new HashMap<>(entry);
            now.put("before", null == before ? "" : text(before));
            processes.put(entry.get("oid"), now);
        }
        else if ("ProcessEvent".equals(entry.get("")) && null != process && 0 != (number(entry, "opFlags") & EXEC))
        {
            records.add(new ProcessRecord(
                number(entry, "ts"), text(process), String.valueOf(process.get("before")), ancestors(process),
                connected.contains(entry.get("procOID")) ? ProcessEvent.FLAG_INPUT_CONNECTED : 0));
        }
    }

    private List<ProcessRecord.Ancestor> ancestors(final Map<?, ?> process)
    {
        final List<ProcessRecord.Ancestor> ancestors = new ArrayList<>();
        Map<?, ?> ancestor = processes.get(process.get("poid"));
        while (null != ancestor && ancestors.size() < ProcessEvent.GENERATIONS_MAX)
        {
            ancestors.add(new ProcessRecord.Ancestor(text(ancestor), serving.contains(program(ancestor))));
            ancestor = processes.get(ancestor.get("poid"));
        }
        return ancestors;
    }

    private static Program program(final Map<?, ?> process)
    {
        return new Program(
            null == process ? null : process.get("exe"), null == process ? null : process.get("containerId"));
    }

    private static String text(final Map<?, ?> process)
    {
        return String.valueOf(process.get("exe"));
    }

    private static long number(final Map<?, ?> entry, final String field)
    {
        return entry.get(field) instanceof Number ? ((Number)entry.get(field)).longValue() : 0;
    }

    private static Map<?, ?> map(final Object object)
    {
        return object instanceof Map ? (Map<?, ?>)object : Map.of();
    }
}
