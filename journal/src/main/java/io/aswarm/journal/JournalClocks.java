package io.aswarm.journal;

import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

import java.util.function.Supplier;

/**
 * The clocks of the journal's agent.
 *
 * @param monotonic in which findings and deeds give their instants.
 * @param wall      which certificates are dated by.
 * @param statement what is known of the wall clock's error at the moment.
 */
public record JournalClocks(NanoClock monotonic, EpochNanoClock wall, Supplier<ClockStatement> statement)
{
}
