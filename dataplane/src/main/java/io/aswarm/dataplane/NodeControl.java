package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.journal.CertificateHandler;
import io.aswarm.journal.CertificateKind;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.OrderVerdict;
import io.aswarm.trust.SignedOrder;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Answers the control socket: passes orders on to the actuator and says how the node is. Requests come on the control
 * thread, certificates on the journal's.
 */
final class NodeControl implements ControlServer.ControlHandler, CertificateHandler
{
    private static final int BY_LENGTH_MAX = 64;
    private static final int REASON_LENGTH_MAX = 256;
    private static final int ID_LENGTH_MAX = 128;

    private final EnforcementSwitch enforcement;
    private final SiteOrders siteOrders;
    private final EventLog eventLog;
    private final ErrorLog errorLog;
    private final NanoClock clock;
    private final EpochClock epochClock;
    private final Explainer explainer;
    private final SiteRoster rosters;
    private final Consumer<ObjectNode> describe;
    private volatile String haltCertificate = "";
    private volatile String resumeCertificate = "";

    /**
     * A control that is not served yet.
     *
     * @param describe adds what the node is to a status.
     */
    NodeControl(
        final EnforcementSwitch enforcement,
        final SiteOrders siteOrders,
        final EventLog eventLog,
        final ErrorLog errorLog,
        final NanoClock clock,
        final EpochClock epochClock,
        final Explainer explainer,
        final SiteRoster rosters,
        final Consumer<ObjectNode> describe)
    {
        this.enforcement = enforcement;
        this.siteOrders = siteOrders;
        this.eventLog = eventLog;
        this.errorLog = errorLog;
        this.clock = clock;
        this.epochClock = epochClock;
        this.explainer = explainer;
        this.rosters = rosters;
        this.describe = describe;
    }

    @Override
    public ObjectNode onRequest(final String command, final JsonNode request)
    {
        switch (command)
        {
            case "halt":
            case "resume":
                return order("halt".equals(command), request);

            case "order":
                return siteOrder(request.path("file").asText());

            case "status":
                return status();

            case "explain":
                return explain(clean(request.path("id").asText(), ID_LENGTH_MAX));

            case "roster":
                return answer(true).setAll(rosters.report());

            case "roster_reload":
                return reloadRoster();

            default:
                return null;
        }
    }

    @Override
    public void onCertificate(
        final String certificateId,
        final CertificateKind kind,
        final long elevationId,
        final long actId,
        final long index,
        final long appendedNs)
    {
        if (CertificateKind.HALT == kind)
        {
            haltCertificate = certificateId;
        }
        else if (CertificateKind.RESUME == kind)
        {
            resumeCertificate = certificateId;
        }
        eventLog.offer("certificate", clock.nanoTime(), EventLog.members()
            .put("certificate_id", certificateId)
            .put("kind", kind.label())
            .put("act_id", Long.toString(actId))
            .put("elevation_id", Long.toString(elevationId))
            .put("appended_ns", Long.toString(appendedNs)));
    }

    private ObjectNode order(final boolean halt, final JsonNode request)
    {
        final String by = clean(request.path("by").asText(), BY_LENGTH_MAX);
        final String reason = clean(request.path("reason").asText(), REASON_LENGTH_MAX);
        if (by.isEmpty())
        {
            return answer(false).put("error", "\"by\" is missing: who orders it");
        }

        // Forgotten first, so that the certificate which comes next is that of this order.
        haltCertificate = halt ? "" : haltCertificate;
        resumeCertificate = halt ? resumeCertificate : "";
        final long orderId = epochClock.time();
        final String who = reason.isEmpty() ? by : by + " (" + reason + ")";
        final String fault = enforcement.byHand(halt, who, orderId);
        return null == fault ? answer(true).put("order_id", Long.toString(orderId)) : answer(false).put("error", fault);
    }

    private ObjectNode siteOrder(final String file)
    {
        try
        {
            final OrderVerdict verdict = siteOrders.give(SignedOrder.read(Path.of(file)));
            return OrderVerdict.ACCEPTED == verdict || OrderVerdict.REPEATED == verdict ?
                answer(true).put("verdict", verdict.reason()) : answer(false).put("error",
                null == verdict ? "the quorum thread does not answer, or too many orders wait" : verdict.reason());
        }
        catch (final DocumentException | InvalidPathException ex)
        {
            return answer(false).put("error", ex.getMessage());
        }
    }

    private ObjectNode explain(final String id)
    {
        final ObjectNode explanation = explainer.explain(id);
        return null == explanation ? answer(false).put("error", "nothing is known of \"" + id + "\": it was never " +
            "given, or is forgotten; allowed: the id of one of the latest signals or elevations, or an address") :
            answer(true).setAll(explanation);
    }

    private ObjectNode reloadRoster()
    {
        final long id = rosters.reload();
        return id < 0 ? answer(false).put("error", "a reload of the roster is under way") :
            answer(true).put("reload_id", id);
    }

    private ObjectNode status()
    {
        final ObjectNode status = answer(true);
        describe.accept(status);
        status.put("halt_certificate", haltCertificate).put("resume_certificate", resumeCertificate);
        final ArrayNode errors = status.putArray("errors");
        errorLog.kinds().forEach((kind) -> errors.addObject()
            .put("count", kind.count())
            .put("last_epoch_ms", kind.lastEpochMs())
            .put("what", kind.what()));
        return status;
    }

    /** Text of an operator goes into certificates and logs: one line, of bounded length. */
    private static String clean(final String text, final int lengthMax)
    {
        final String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > lengthMax ? line.substring(0, lengthMax) : line;
    }

    private static ObjectNode answer(final boolean ok)
    {
        return JsonNodeFactory.instance.objectNode().put("ok", ok);
    }
}
