package io.aswarm.sketch;

/**
 * What every detector is built with.
 *
 * @param config       what the policy was told.
 * @param memory       to take from, at construction only.
 * @param key          to derive keys from.
 * @param verification of sources.
 * @param exemptions   declared.
 * @param gate         to tell signals through.
 * @param counters     of the module.
 */
record Workshop(
    LocalPolicyConfig config,
    SketchMemory memory,
    KeyedHash key,
    Verification verification,
    Exemptions exemptions,
    SignalGate gate,
    SketchCounters counters)
{
    /** The catalog's values of what can be tuned. */
    DetectorParameters parameters()
    {
        return config.catalog().parameters();
    }

    /** A model of a rate, with the catalog's values, whose evidence stops where the policy's does. */
    Cusum cusum(
        final DetectorParameter benignPerSecond, final DetectorParameter attackPerSecond, final DetectorParameter burst)
    {
        return new Cusum(
            parameters().value(benignPerSecond), parameters().value(attackPerSecond), parameters().count(burst),
            config.evidenceMaxNats());
    }

    SlotIndex index(final int slots)
    {
        return new SlotIndex(memory.allocate(SlotIndex.memoryLength(slots)), slots);
    }

    FloodTable floodTable(final int slots)
    {
        return new FloodTable(memory.allocate(FloodTable.memoryLength(slots)), index(slots), counters);
    }

    ContributionLog contributionLog(final int slots)
    {
        return new ContributionLog(memory.allocate(ContributionLog.memoryLength(slots)));
    }

    ContactMemory contactMemory(final int contactsMax, final long generationNs)
    {
        return new ContactMemory(memory.allocate(ContactMemory.memoryLength(contactsMax)), contactsMax, generationNs);
    }

    FanOutSketch fanOut(final int slots, final long purpose)
    {
        final KeyedHash derived = key.derive(purpose);
        return new FanOutSketch(
            memory.allocate(FanOutSketch.memoryLength(slots)), slots, derived.keyHigh(), derived.keyLow());
    }
}
