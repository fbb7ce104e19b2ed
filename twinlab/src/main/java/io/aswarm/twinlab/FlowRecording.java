package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A list of flows as the sensor would have told them while they went on. Flows do not say when the answer came; it is
 * taken to come after a millisecond, or at the flow's end where that is sooner. Their bytes are told at their end.
 */
final class FlowRecording implements Recording
{
    private static final long ANSWER_NS = 1_000_000L;
    private static final int NO_KIND = 0;

    /** One record of the sensor to come; kind 0 stands for the packets of the flow. */
    private record Step(long timeNs, int kind, int flags, long quantity, FlowRecord flow)
    {
    }

    private final List<Step> steps = new ArrayList<>();
    private final TrackedConversation conversation = new TrackedConversation();
    private final GroundTruth truth;
    private final boolean isLabelled;
    private int next = -1;

    private FlowRecording(final FlowReader reader, final GroundTruth truth)
    {
        this.isLabelled = reader.hasLabels();
        this.truth = isLabelled ? labelled(reader.flows(), truth.kind()) : truth;
        reader.flows().forEach(this::addSteps);
        steps.sort(Comparator.comparingLong(Step::timeNs));
    }

    /**
     * Prepare a list.
     *
     * @param reader with the flows.
     * @param truth  about them where they carry no labels.
     * @return the recording, before its first entry.
     */
    static FlowRecording of(final FlowReader reader, final GroundTruth truth)
    {
        return new FlowRecording(reader, truth);
    }

    @Override
    public GroundTruth truth()
    {
        return truth;
    }

    private static GroundTruth labelled(final List<FlowRecord> flows, final String kind)
    {
        final Set<IpAddress> attackers = new LinkedHashSet<>();
        final Set<IpAddress> victims = new LinkedHashSet<>();
        flows.stream().filter(FlowRecord::isMalicious).forEach((flow) ->
        {
            attackers.add(flow.initiator());
            victims.add(flow.responder());
        });
        return new GroundTruth(kind, AddressSet.of(attackers), AddressSet.of(victims), Long.MIN_VALUE);
    }

    private void addSteps(final FlowRecord flow)
    {
        final long beginNs = flow.beginNs();
        final long endNs = beginNs + flow.durationNs();
        final long answerNs = Math.min(beginNs + ANSWER_NS, endNs);
        steps.add(new Step(beginNs, NO_KIND, 0, 0, flow));
        switch (flow.outcome())
        {
            case UNANSWERED:
                add(flow, beginNs, ConversationKind.OPENED);
                break;

            case REFUSED:
                add(flow, beginNs, ConversationKind.OPENED);
                add(flow, endNs, ConversationKind.REFUSED);
                break;

            case UNREACHABLE:
                add(flow, beginNs, ConversationKind.OPENED);
                add(flow, endNs, ConversationKind.UNREACHABLE);
                break;

            case ABORTED:
                add(flow, beginNs, ConversationKind.OPENED);
                add(flow, endNs, ConversationKind.ABORTED);
                break;

            case UNKNOWN:
                break;

            default:
                addAnswered(flow, beginNs, answerNs, endNs);
                break;
        }
        final int unknown = FlowRecord.Outcome.UNKNOWN == flow.outcome() ? Conversation.FLAG_UNORIENTED : 0;
        addVolume(flow, endNs, unknown, flow.initiatorBytes());
        addVolume(flow, endNs, unknown | Conversation.FLAG_FROM_RESPONDER, flow.responderBytes());
    }

    private void addAnswered(final FlowRecord flow, final long beginNs, final long answerNs, final long endNs)
    {
        add(flow, beginNs, ConversationKind.OPENED);
        add(flow, answerNs, ConversationKind.ACCEPTED);
        if (CaptureDecoder.TCP != flow.protocol())
        {
            return;
        }
        add(flow, answerNs, ConversationKind.ESTABLISHED);
        if (FlowRecord.Outcome.ANSWERED != flow.outcome())
        {
            final int flags = FlowRecord.Outcome.ENDED == flow.outcome() ? 0 : Conversation.FLAG_FROM_RESPONDER;
            steps.add(new Step(endNs, ConversationKind.ENDED, flags, flow.durationNs(), flow));
        }
    }

    private void addVolume(final FlowRecord flow, final long endNs, final int flags, final long bytes)
    {
        if (bytes > 0)
        {
            steps.add(new Step(endNs, ConversationKind.VOLUME, flags, bytes, flow));
        }
    }

    private void add(final FlowRecord flow, final long timeNs, final int kind)
    {
        steps.add(new Step(timeNs, kind, 0, 0, flow));
    }

    @Override
    public boolean next()
    {
        return ++next < steps.size();
    }

    @Override
    public long timeNs()
    {
        return steps.get(next).timeNs();
    }

    @Override
    public void show(final long nowNs, final Observer observer)
    {
        final Step step = steps.get(next);
        final FlowRecord flow = step.flow();
        final ConversationKey key = key(flow);
        switch (step.kind())
        {
            case NO_KIND:
                observer.onPacket(
                    new CapturedPacket(
                        nowNs, flow.initiator(), flow.responder(), flow.protocol(), flow.initiatorPort(),
                        flow.responderPort(),
                        (int)Math.min(flow.initiatorBytes(), Integer.MAX_VALUE),
                        FlowRecord.Outcome.UNKNOWN != flow.outcome()),
                    isLabelled ? flow.isMalicious() : truth.isAttack(flow.initiator(), flow.responder(), nowNs));
                break;

            case ConversationKind.VOLUME:
                onVolume(step, key, nowNs, observer);
                break;

            case ConversationKind.ENDED:
                tell(observer, conversation.ended(key, step.flags(), step.quantity(), nowNs));
                break;

            default:
                tell(observer, conversation.of(step.kind(), key, step.flags(), nowNs));
                break;
        }
    }

    /** Where nobody saw who began, the sender stands as the initiator. */
    private void onVolume(final Step step, final ConversationKey key, final long nowNs, final Observer observer)
    {
        final boolean isBack = 0 != (step.flags() & Conversation.FLAG_FROM_RESPONDER);
        tell(observer, 0 == (step.flags() & Conversation.FLAG_UNORIENTED) ?
            conversation.volume(key, step.flags(), step.quantity(), nowNs) :
            conversation.volume(isBack ? key.back() : key, Conversation.FLAG_UNORIENTED, step.quantity(), nowNs));
    }

    private static void tell(final Observer observer, final TrackedConversation record)
    {
        observer.onConversation(record);
        observer.onDelivered(record);
    }

    private static ConversationKey key(final FlowRecord flow)
    {
        return new ConversationKey(
            flow.initiator().high(), flow.initiator().low(), flow.responder().high(), flow.responder().low(),
            flow.initiatorPort(), flow.responderPort(), flow.protocol());
    }
}
