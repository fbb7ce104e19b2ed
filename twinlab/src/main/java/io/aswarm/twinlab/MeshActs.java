package io.aswarm.twinlab;

import io.aswarm.actuator.Outcome;

import java.util.HashMap;
import java.util.Map;

/**
 * What must not be about acts: two at once against one subject at one node, a deadline later than was granted or moved,
 * an act that outlives it, one that begins while the node is halted.
 */
final class MeshActs
{
    private record Act(int place, long actId)
    {
    }

    private static final class Life
    {
        private final long subject;
        private final long deadlineNs;
        private boolean isEnded;

        private Life(final long subject, final long deadlineNs)
        {
            this.subject = subject;
            this.deadlineNs = deadlineNs;
        }
    }

    private final MeshJudge judge;
    private final Map<Act, Life> acts = new HashMap<>();
    private long effective;

    MeshActs(final MeshJudge judge)
    {
        this.judge = judge;
    }

    /** Acts that became effective. */
    long effective()
    {
        return effective;
    }

    void onOutcome(final MeshNode node, final Outcome outcome)
    {
        if (!node.isJudged())
        {
            return;
        }
        final Act act = new Act(node.place(), outcome.actId());
        switch (outcome.kind())
        {
            case EFFECTIVE:
                effective++;
                onEffective(node, act, outcome);
                break;

            case ADOPTED:
                final Life adopted = acts.get(act);
                judge.require(null == adopted || adopted.deadlineNs == outcome.deadlineNs(), node,
                    "adopted an act and moved its deadline");
                acts.putIfAbsent(act, new Life(outcome.subjectLow(), outcome.deadlineNs()));
                break;

            case REVERTED:
            case FAILED:
                final Life ended = acts.get(act);
                if (null != ended)
                {
                    ended.isEnded = true;
                }
                break;

            default:
                break;
        }
    }

    /** Long after the last deadline nothing may be left in the kernel. */
    void atEnd(final MeshNode node)
    {
        node.control().forEach((containment, deadlineNs, actId, drops) ->
            judge.require(false, node, "still has an entry of act " + actId + " at the end"));
        acts.forEach((act, life) -> judge.require(act.place != node.place() || life.isEnded, node,
            "never told the end of an act against " + MeshJudge.name(life.subject)));
    }

    private void onEffective(final MeshNode node, final Act act, final Outcome outcome)
    {
        final String subject = MeshJudge.name(outcome.subjectLow());
        judge.require(!node.isHalted(), node, "acted on " + subject + " while it was halted");
        judge.require(outcome.deadlineNs() - outcome.startedNs() <= MeshKeys.TTL_NS, node,
            "acted on " + subject + " for longer than the catalog grants");
        acts.forEach((other, life) -> judge.require(
            other.place != node.place() || life.subject != outcome.subjectLow() || life.isEnded ||
            life.deadlineNs - node.clockNs() <= 0, node, "acts on " + subject + " twice at once"));
        acts.put(act, new Life(outcome.subjectLow(), outcome.deadlineNs()));
    }
}
