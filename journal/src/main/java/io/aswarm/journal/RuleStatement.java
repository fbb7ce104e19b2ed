package io.aswarm.journal;

/**
 * What an act puts into force.
 *
 * @param packets          it is about, in words, for example {@code to 198.18.0.7 protocol 6 port 443}.
 * @param mode             what happens to them: {@code drop}, {@code guard}, {@code openings}, {@code rate_limit}.
 * @param packetsPerSecond that a limit lets through; 0 where the mode is none.
 * @param burst            that a limit lets through at once; 0 where the mode is none.
 */
public record RuleStatement(String packets, String mode, int packetsPerSecond, int burst)
{
}
