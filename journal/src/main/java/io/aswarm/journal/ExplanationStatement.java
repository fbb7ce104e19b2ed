package io.aswarm.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.LongFunction;

/**
 * Why the certifying node itself held something against a subject: what it observed, how often, and how much each
 * added. Bounded by whoever makes it; at most {@link #CAUSES_MAX} causes and {@link #LATEST_MAX} observations are
 * certified.
 *
 * @param signalId     of the signal, by which the node and its event log name it.
 * @param evidenceNats of the signal; evidence halves with time, so that the causes' sum may be more.
 * @param toldFromNats evidence from which a signal is given at all.
 * @param causes       in the order in which they were first observed.
 * @param latest       observations one by one, the youngest first.
 * @param beside       what stands beside them.
 */
public record ExplanationStatement(
    String signalId, double evidenceNats, double toldFromNats, List<Cause> causes, List<Observation> latest,
    Beside beside)
{
    /** Most causes that a certificate names. */
    public static final int CAUSES_MAX = 16;
    /** Most observations that a certificate lists. */
    public static final int LATEST_MAX = 16;

    /**
     * One kind of observation.
     *
     * @param cause    by name.
     * @param sentence what was observed, for people.
     * @param count    how often.
     * @param nats     how much it added; negative for what speaks for the subject.
     */
    public record Cause(String cause, String sentence, int count, double nats)
    {
    }

    /**
     * One observation.
     *
     * @param cause   by name.
     * @param atNs    monotonic clock.
     * @param nats    how much it added.
     * @param address that it was about; empty for none.
     * @param port    that it was about; 0 for none.
     */
    public record Observation(String cause, long atNs, double nats, String address, int port)
    {
    }

    /**
     * What stands beside the observations.
     *
     * @param exempt   the exemption that covers the subject; null where none does.
     * @param baseline that the subject was judged against; null where there is none.
     * @param elements of the rule that gave the signal; empty for a detector's own.
     * @param sources  of a flood, the strongest first; empty where the subject is the source.
     */
    public record Beside(Exempt exempt, Baseline baseline, List<Element> elements, List<Source> sources)
    {
        /** Nothing. */
        public static final Beside NOTHING = new Beside(null, null, List.of(), List.of());

        /**
         * Copies its lists.
         */
        public Beside
        {
            elements = List.copyOf(elements);
            sources = List.copyOf(sources);
        }
    }

    /**
     * A declared exemption.
     *
     * @param prefix       of addresses.
     * @param perSecondMax observations of the prefix that are spared in a second.
     * @param spared       of them since the node's start.
     * @param exceeded     observations beyond, which count.
     */
    public record Exempt(String prefix, int perSecondMax, long spared, long exceeded)
    {
    }

    /**
     * What was known of the subject before.
     *
     * @param windows        of a minute that were learned.
     * @param weight         that evidence has by how much was learned.
     * @param bytesPerSecond that it usually sends that way.
     */
    public record Baseline(int windows, double weight, double bytesPerSecond)
    {
    }

    /**
     * An element of a rule.
     *
     * @param scenario of the detector.
     * @param nats     that it added; 0 where it did not hold.
     */
    public record Element(String scenario, double nats)
    {
    }

    /**
     * A source of a flood, which may be forged.
     *
     * @param address of it.
     * @param packets that were counted as its, at least the true number.
     * @param error   by how many that may be too much.
     */
    public record Source(String address, long packets, long error)
    {
    }

    /**
     * An explanation with nothing beside it.
     *
     * @param signalId     of the signal.
     * @param evidenceNats of the signal.
     * @param toldFromNats evidence from which a signal is given at all.
     * @param causes       in the order in which they were first observed.
     * @param latest       observations one by one, the youngest first.
     */
    public ExplanationStatement(
        final String signalId, final double evidenceNats, final double toldFromNats, final List<Cause> causes,
        final List<Observation> latest)
    {
        this(signalId, evidenceNats, toldFromNats, causes, latest, Beside.NOTHING);
    }

    /**
     * Copies its lists, up to their limits.
     */
    public ExplanationStatement
    {
        causes = List.copyOf(causes.subList(0, Math.min(CAUSES_MAX, causes.size())));
        latest = List.copyOf(latest.subList(0, Math.min(LATEST_MAX, latest.size())));
    }

    /**
     * As it stands in a certificate's {@code elevation_context} and in the answer of {@code aswarm explain}.
     *
     * @param instant text of an instant on the monotonic clock.
     * @return a new object.
     */
    public ObjectNode toJson(final LongFunction<String> instant)
    {
        final ObjectNode explanation = JsonNodeFactory.instance.objectNode()
            .put("signal_id", signalId)
            .put("evidence_nats", evidenceNats)
            .put("told_from_nats", toldFromNats);
        final ArrayNode causeList = explanation.putArray("causes");
        causes.forEach((cause) -> causeList.addObject()
            .put("cause", cause.cause())
            .put("sentence", cause.sentence())
            .put("count", cause.count())
            .put("nats", cause.nats()));
        final ArrayNode latestList = explanation.putArray("latest");
        latest.forEach((observation) -> latestList.addObject()
            .put("cause", observation.cause())
            .put("at", instant.apply(observation.atNs()))
            .put("nats", observation.nats())
            .put("address", observation.address())
            .put("port", observation.port()));
        besideToJson(explanation);
        return explanation;
    }

    private void besideToJson(final ObjectNode explanation)
    {
        final Exempt exempt = beside.exempt();
        if (null != exempt)
        {
            explanation.putObject("exempt")
                .put("prefix", exempt.prefix())
                .put("per_second_max", exempt.perSecondMax())
                .put("spared", exempt.spared())
                .put("exceeded", exempt.exceeded());
        }
        final Baseline baseline = beside.baseline();
        if (null != baseline)
        {
            explanation.putObject("baseline")
                .put("windows", baseline.windows())
                .put("weight", baseline.weight())
                .put("bytes_per_second", baseline.bytesPerSecond());
        }
        if (!beside.elements().isEmpty())
        {
            final ArrayNode elements = explanation.putArray("elements");
            beside.elements().forEach((element) -> elements.addObject()
                .put("scenario", element.scenario())
                .put("nats", element.nats()));
        }
        if (!beside.sources().isEmpty())
        {
            final ArrayNode sources = explanation.putArray("sources");
            beside.sources().forEach((source) -> sources.addObject()
                .put("address", source.address())
                .put("packets", source.packets())
                .put("error", source.error()));
        }
    }
}
