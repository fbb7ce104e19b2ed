package io.aswarm.twinlab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.trust.DocumentException;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reads lists of flows: Zeek's conn.log as tab separated values or as JSON lines, also with a {@code label} column, and
 * the comma separated lists of UNSW-NB15 without a header. Flows of other protocols than TCP, UDP and ICMP are passed
 * over, as the sensor does.
 */
final class FlowReader
{
    private static final String FIELDS = "#fields\t";
    private static final int CSV_COLUMNS_MIN = 48;
    private static final Map<String, Integer> PROTOCOLS = Map.of(
        "tcp", CaptureDecoder.TCP, "udp", CaptureDecoder.UDP, "icmp", CaptureDecoder.ICMP);

    private final Object source;
    private final ObjectMapper json = new ObjectMapper();
    private final List<FlowRecord> flows = new ArrayList<>();
    private final Map<String, Integer> columns = new HashMap<>();
    private boolean hasLabels;

    private FlowReader(final Object source)
    {
        this.source = source;
    }

    /**
     * Read a list.
     *
     * @param source for messages.
     * @param text   of it.
     * @return the reader, with all flows.
     * @throws DocumentException naming the line that is no flow.
     */
    static FlowReader read(final Object source, final String text) throws DocumentException
    {
        final FlowReader reader = new FlowReader(source);
        final String[] lines = text.split("\r?\n");
        for (int i = 0; i < lines.length; i++)
        {
            final String line = 0 == i && lines[i].startsWith("\uFEFF") ? lines[i].substring(1) : lines[i];
            try
            {
                reader.readLine(line);
            }
            catch (final JsonProcessingException ex)
            {
                throw new DocumentException(source, i + 1, "is no JSON: " + ex.getOriginalMessage());
            }
            catch (final IllegalArgumentException | IndexOutOfBoundsException ex)
            {
                throw new DocumentException(source, i + 1, "is no flow: " + ex.getMessage());
            }
        }
        return reader;
    }

    /** In the order of the list. */
    List<FlowRecord> flows()
    {
        return List.copyOf(flows);
    }

    /** Whether the list itself says of each flow if it is malicious. */
    boolean hasLabels()
    {
        return hasLabels;
    }

    private void readLine(final String line) throws JsonProcessingException
    {
        if (line.startsWith(FIELDS))
        {
            final String[] names = line.substring(FIELDS.length()).split("\t");
            for (int i = 0; i < names.length; i++)
            {
                columns.put(names[i], i);
            }
        }
        else if (line.startsWith("{"))
        {
            final JsonNode node = json.readTree(line);
            zeek((name) -> node.path(name).asText("-"));
        }
        else if (!columns.isEmpty() && !line.startsWith("#") && !line.isBlank())
        {
            final String[] fields = line.split("\t", -1);
            zeek((name) -> columns.containsKey(name) ? fields[columns.get(name)] : "-");
        }
        else if (!line.startsWith("#") && !line.isBlank())
        {
            unsw(line.split(",", -1));
        }
    }

    private void zeek(final UnaryOperator<String> field)
    {
        final Integer protocol = PROTOCOLS.get(field.apply("proto"));
        if (null == protocol)
        {
            return;
        }
        final String label = field.apply("label");
        hasLabels |= !"-".equals(label);
        final boolean isEcho = CaptureDecoder.ICMP == protocol;
        final FlowRecord.Outcome outcome = FlowRecord.Outcome.ofZeek(field.apply("conn_state"));
        flows.add(new FlowRecord(
            nanoseconds(field.apply("ts")), nanoseconds(field.apply("duration")),
            IpAddress.parse(field.apply("id.orig_h")), IpAddress.parse(field.apply("id.resp_h")),
            isEcho ? 0 : (int)number(field.apply("id.orig_p")), isEcho ? 0 : (int)number(field.apply("id.resp_p")),
            protocol, isEcho ? echo(field) : outcome,
            number(field.apply("orig_ip_bytes")), number(field.apply("resp_ip_bytes")),
            "malicious".equalsIgnoreCase(label)));
    }

    /** Zeek keeps the type of an ICMP message where the port of others is. */
    private static FlowRecord.Outcome echo(final UnaryOperator<String> field)
    {
        final long type = number(field.apply("id.orig_p"));
        if (8 != type && 128 != type)
        {
            return FlowRecord.Outcome.UNKNOWN;
        }
        return number(field.apply("resp_pkts")) > 0 ? FlowRecord.Outcome.ANSWERED : FlowRecord.Outcome.UNANSWERED;
    }

    private void unsw(final String[] fields)
    {
        if (fields.length < CSV_COLUMNS_MIN)
        {
            throw new IllegalArgumentException(fields.length + " columns; allowed: conn.log of Zeek, UNSW-NB15");
        }
        final Integer protocol = PROTOCOLS.get(fields[4]);
        if (null == protocol)
        {
            return;
        }
        hasLabels = true;
        final boolean isAnswered = number(fields[17]) > 0;
        flows.add(new FlowRecord(
            nanoseconds(fields[28]), nanoseconds(fields[6]), IpAddress.parse(fields[0]), IpAddress.parse(fields[2]),
            (int)number(fields[1]), (int)number(fields[3]), protocol,
            FlowRecord.Outcome.ofArgus(fields[5], isAnswered), number(fields[7]), number(fields[8]),
            "1".equals(fields[fields.length - 1].trim())));
    }

    private static long nanoseconds(final String seconds)
    {
        return "-".equals(seconds) || seconds.isEmpty() ? 0 :
            new BigDecimal(seconds).movePointRight(9).longValue();
    }

    private static long number(final String text)
    {
        return "-".equals(text) || text.isBlank() ? 0 : Long.decode(text.trim());
    }

    @Override
    public String toString()
    {
        return source + ": " + flows.size() + " flows";
    }
}
