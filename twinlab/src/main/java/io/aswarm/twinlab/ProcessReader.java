package io.aswarm.twinlab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.trust.DocumentException;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what began on a host from the traces of others: SysFlow (sysflow.readthedocs.io, "Entities, Events and Flows"),
 * the JSON export of Tetragon, and the log of auditd.
 */
final class ProcessReader
{
    private static final int SYSFLOW_EXEC = 1 << 1;
    private static final int SYSFLOW_ACCEPT = 1 << 5;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    /** execve on x86-64, linux/arch/x86/entry/syscalls/syscall_64.tbl. */
    private static final Pattern AUDIT_EXECVE = Pattern.compile(
        "type=SYSCALL msg=audit\\((\\d+\\.\\d+):\\d+\\): .*syscall=59 success=yes .*" +
        "ppid=(\\d+) pid=(\\d+) .*exe=\"([^\"]*)\".*");

    private ProcessReader()
    {
    }

    /**
     * Read SysFlow objects.
     *
     * @param objects of an Avro container, in its order.
     * @return programs in that order.
     */
    static List<ProcessRecord> sysflow(final List<Object> objects)
    {
        final Set<Object> serving = new HashSet<>();
        for (final Object object : objects)
        {
            final Map<?, ?> entry = map(map(object).get("rec"));
            if ("NetworkFlow".equals(entry.get("")) && 0 != (number(entry, "opFlags") & SYSFLOW_ACCEPT))
            {
                serving.add(entry.get("procOID"));
            }
        }

        final Map<Object, Map<?, ?>> processes = new HashMap<>();
        final List<ProcessRecord> records = new ArrayList<>();
        for (final Object object : objects)
        {
            final Map<?, ?> entry = map(map(object).get("rec"));
            if ("Process".equals(entry.get("")))
            {
                processes.put(entry.get("oid"), entry);
            }
            else if ("ProcessEvent".equals(entry.get("")) && 0 != (number(entry, "opFlags") & SYSFLOW_EXEC))
            {
                final Map<?, ?> process = processes.get(entry.get("procOID"));
                final Object parentId = null == process ? null : process.get("poid");
                final Map<?, ?> parent = processes.get(parentId);
                records.add(new ProcessRecord(
                    number(entry, "ts"), null == process ? "" : String.valueOf(process.get("exe")),
                    null == parent ? "" : String.valueOf(parent.get("exe")), serving.contains(parentId)));
            }
        }
        return records;
    }

    private static long number(final Map<?, ?> entry, final String field)
    {
        return entry.get(field) instanceof Number ? ((Number)entry.get(field)).longValue() : 0;
    }

    private static Map<?, ?> map(final Object object)
    {
        return object instanceof Map ? (Map<?, ?>)object : Map.of();
    }

    /**
     * Read Tetragon's events, one JSON object a line.
     *
     * @param source for messages.
     * @param text   of them.
     * @return programs in its order.
     * @throws DocumentException naming the line that is none.
     */
    static List<ProcessRecord> tetragon(final Object source, final String text) throws DocumentException
    {
        final ObjectMapper mapper = new ObjectMapper();
        final List<ProcessRecord> records = new ArrayList<>();
        final String[] lines = text.split("\r?\n");
        for (int i = 0; i < lines.length; i++)
        {
            try
            {
                final JsonNode event = mapper.readTree(lines[i]).path("process_exec");
                if (event.isObject())
                {
                    final Instant began = Instant.parse(event.path("process").path("start_time").asText());
                    records.add(new ProcessRecord(
                        began.getEpochSecond() * NS_PER_SECOND + began.getNano(),
                        event.path("process").path("binary").asText(), event.path("parent").path("binary").asText(),
                        false));
                }
            }
            catch (final JsonProcessingException | DateTimeException ex)
            {
                throw new DocumentException(source, i + 1, "is no event of Tetragon: " + ex.getMessage());
            }
        }
        return records;
    }

    /**
     * Read auditd's records of execve.
     *
     * @param text of its log.
     * @return programs in its order; parents are known where they began in the same log.
     */
    static List<ProcessRecord> audit(final String text)
    {
        final Map<String, String> programs = new HashMap<>();
        final List<ProcessRecord> records = new ArrayList<>();
        for (final String line : text.split("\r?\n"))
        {
            final Matcher execve = AUDIT_EXECVE.matcher(line);
            if (execve.matches())
            {
                records.add(new ProcessRecord(
                    new BigDecimal(execve.group(1)).movePointRight(9).longValue(), execve.group(4),
                    programs.getOrDefault(execve.group(2), ""), false));
                programs.put(execve.group(3), execve.group(4));
            }
        }
        return records;
    }
}
