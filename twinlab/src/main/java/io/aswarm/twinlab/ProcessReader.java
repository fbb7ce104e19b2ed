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
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what began on a host from the JSON export of Tetragon and the log of auditd. */
final class ProcessReader
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    /** execve on x86-64, linux/arch/x86/entry/syscalls/syscall_64.tbl. */
    private static final Pattern AUDIT_EXECVE = Pattern.compile(
        "type=SYSCALL msg=audit\\((\\d+\\.\\d+):\\d+\\): .*syscall=59 success=yes .*" +
        "ppid=(\\d+) pid=(\\d+) .*exe=\"([^\"]*)\".*");

    private ProcessReader()
    {
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
                    records.add(ProcessRecord.of(
                        began.getEpochSecond() * NS_PER_SECOND + began.getNano(),
                        event.path("process").path("binary").asText(), event.path("parent").path("binary").asText()));
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
                records.add(ProcessRecord.of(
                    new BigDecimal(execve.group(1)).movePointRight(9).longValue(), execve.group(4),
                    programs.getOrDefault(execve.group(2), "")));
                programs.put(execve.group(3), execve.group(4));
            }
        }
        return records;
    }
}
