package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.LocalPolicyConfig;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Openings of an attack over TCP as FloodTest would see them: those of one source to one service, each kind a process
 * of its own. Where the service served the source before, FloodTest asks more of refusals than SpreadFloodTest does,
 * which {@link FloodCounts} counts, and counts no bare ones.
 */
final class ServiceFloodCounts
{
    private enum Process
    {
        OVERDUE(() -> overdue(EvaluationRun.policyConfig())),
        REFUSED(() -> AttackRate.of(
            DetectorParameter.FLOOD_REFUSED_BENIGN, DetectorParameter.FLOOD_REFUSED_ATTACK,
            DetectorParameter.FLOOD_REFUSED_BURST)),
        BARE(() -> AttackRate.of(
            DetectorParameter.FLOOD_BARE_BENIGN, DetectorParameter.FLOOD_BARE_ATTACK,
            DetectorParameter.FLOOD_BARE_BURST));

        private final Supplier<AttackRate> rate;

        Process(final Supplier<AttackRate> rate)
        {
            this.rate = rate;
        }
    }

    private final Map<Process, RecentTable<AttackRate>> rates = new EnumMap<>(Process.class);
    private final Set<ConversationKey> served = new HashSet<>();
    private double highestNats;

    private static AttackRate overdue(final LocalPolicyConfig config)
    {
        return new AttackRate(
            config.benignUnfinishedPerSecond(), config.floodUnfinishedPerSecond(), config.floodBurst(), 1);
    }

    /** What a conversation of the attack came to. */
    void onConversation(final Conversation conversation)
    {
        if (ConversationKind.ESTABLISHED == conversation.kind())
        {
            served.add(ConversationKey.of(conversation).withoutSocket());
        }
    }

    /** An opening of the attack that was not completed. */
    void onUnfinished(final UnfinishedOpenings.Opening opening)
    {
        final ConversationKey service = opening.key().withoutSocket();
        final boolean isServed = served.contains(service);
        if (!opening.isRefused())
        {
            add(Process.OVERDUE, service, opening.openedNs());
        }
        else if (!isServed)
        {
            add(Process.REFUSED, service, opening.openedNs());
        }
        if (opening.isBare() && !isServed)
        {
            add(Process.BARE, service, opening.openedNs());
        }
    }

    private void add(final Process process, final ConversationKey service, final long openedNs)
    {
        final RecentTable<AttackRate> table = rates.computeIfAbsent(process, (key) -> new RecentTable<>());
        AttackRate rate = table.get(service);
        if (null == rate)
        {
            rate = process.rate.get();
            table.put(service, rate);
        }
        rate.add(1, openedNs);
        highestNats = Math.max(highestNats, rate.highest());
    }

    /** Highest score of one source at one service ever. */
    double highest()
    {
        return highestNats;
    }
}
