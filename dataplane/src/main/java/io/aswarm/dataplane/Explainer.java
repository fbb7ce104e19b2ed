package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.journal.Finding;
import io.aswarm.quorum.ElevationTable;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

import java.time.Instant;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Says why, of what a node remembers: a signal, an elevation, or whatever was last held against an address. The names
 * of the fields are those of a certificate's {@code elevation_context}. Any thread.
 */
final class Explainer
{
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final EvidenceMemory memory;
    private final List<NodeConfig.Exemption> exemptions;
    private final ElevationTable table;
    private final IntSupplier nodes;
    private final NanoClock clock;
    private final EpochNanoClock epochClock;

    /**
     * An explainer of one node.
     *
     * @param nodes of the site as it is now; any thread.
     */
    Explainer(
        final EvidenceMemory memory,
        final List<NodeConfig.Exemption> exemptions,
        final ElevationTable table,
        final IntSupplier nodes,
        final NanoClock clock,
        final EpochNanoClock epochClock)
    {
        this.memory = memory;
        this.exemptions = exemptions;
        this.table = table;
        this.nodes = nodes;
        this.clock = clock;
        this.epochClock = epochClock;
    }

    /** The explanation of an id, or of what is known of an address; null when it is neither known nor an address. */
    ObjectNode explain(final String id)
    {
        final long signalNumber = Names.signalNumber(id);
        if (0 != signalNumber)
        {
            final SignalNote note = memory.signals().find(signalNumber);
            return null == note ? null : signal(note);
        }
        if (id.matches("[1-9][0-9]{0,18}"))
        {
            final Finding finding = memory.find(Long.parseLong(id));
            return null == finding ? null : elevation(finding);
        }
        try
        {
            return subject(IpAddress.parse(id));
        }
        catch (final IllegalArgumentException ex)
        {
            return null;
        }
    }

    private ObjectNode subject(final IpAddress address)
    {
        final Finding finding = memory.latest(address.toString());
        final SignalNote note = memory.signals().latest(address.high(), address.low());
        if (null != finding)
        {
            return elevation(finding);
        }
        if (null != note)
        {
            return signal(note);
        }
        return JSON.objectNode().put("kind", "nothing").put("subject", address.toString())
            .set("exempt", exempt(address));
    }

    private ObjectNode signal(final SignalNote note)
    {
        final IpAddress subject = new IpAddress(note.subjectHigh(), note.subjectLow());
        final ElevationTable.Row row = table.row(note.scenario(), nodes.getAsInt());
        final ObjectNode signal = JSON.objectNode()
            .put("kind", "signal")
            .put("id", note.explanation().signalId())
            .put("given", at(note.tNs()))
            .put("scenario", Names.signal(note.scenario()))
            .put("subject", subject.toString())
            .put("subject_role", Names.role(note.role()));
        signal.set("verification", Names.verification(note.verification()));
        signal.put("evidence_nats", note.explanation().evidenceNats())
            .put("count", note.count())
            .put("distinct_hosts", note.distinctHosts())
            .put("distinct_ports", note.distinctPorts())
            .put("aim", Names.address(note.aimHigh(), note.aimLow()))
            .put("aim_port", note.aimPort());
        signal.putObject("needed")
            .put("witnesses", row.witnesses())
            .put("threshold_nats", row.thresholdNats())
            .put("counted_per_witness_nats", row.clipNats())
            .put("alone_nats", row.localBarNats());
        signal.set("explanation", note.explanation().toJson(this::at));
        signal.set("exempt", exempt(subject));
        return signal;
    }

    private ObjectNode elevation(final Finding finding)
    {
        final ObjectNode elevation = JSON.objectNode()
            .put("kind", "elevation")
            .put("id", Long.toString(finding.elevationId()))
            .put("given", at(finding.elevatedNs()))
            .put("scenario", finding.scenario())
            .put("subject", finding.subject())
            .put("subject_role", Names.role(finding.subjectRole()));
        elevation.set("verification", Names.verification(finding.verification()));
        elevation.put("local", finding.local())
            .put("degraded", finding.degraded())
            .put("evidence_nats", finding.evidenceNats())
            .put("threshold_nats", finding.thresholdNats())
            .put("witnesses_required", finding.witnessesRequired());
        final ArrayNode witnesses = elevation.putArray("witness_nodes");
        finding.witnesses().forEach((witness) -> witnesses.addObject()
            .put("name", witness.name())
            .put("evidence_nats", witness.evidenceNats())
            .put("counted_nats", witness.countedNats())
            .put("count", witness.count()));
        elevation.put("count", finding.count())
            .put("distinct_hosts", finding.distinctHosts())
            .put("distinct_ports", finding.distinctPorts())
            .put("aim", finding.aim())
            .put("aim_port", finding.aimPort());
        if (null != finding.explanation())
        {
            elevation.set("explanation", finding.explanation().toJson(this::at));
        }
        return elevation;
    }

    /** Declared exemptions that hold for an address: what it did was not held against it. */
    private ArrayNode exempt(final IpAddress address)
    {
        final ArrayNode list = JSON.arrayNode();
        exemptions.stream().filter((exemption) -> exemption.prefix().contains(address))
            .forEach((exemption) -> list.addObject()
                .put("prefix", exemption.prefix().toString()).put("why", exemption.why())
                .put("per_second_max", exemption.perSecondMax()));
        return list;
    }

    private String at(final long atNs)
    {
        final long epochNs = epochClock.nanoTime() - (clock.nanoTime() - atNs);
        return Instant.ofEpochSecond(0, epochNs).toString();
    }
}
