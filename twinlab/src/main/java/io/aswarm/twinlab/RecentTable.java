package io.aswarm.twinlab;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers a bounded number of conversations and forgets what was not touched for longest, as the kernel's LRU maps
 * do (exactly, where they do so by approximation).
 *
 * @param <V> what is remembered.
 */
final class RecentTable<V>
{
    private static final int ENTRIES_MAX = 65_536;

    private final Map<ConversationKey, V> entries = new LinkedHashMap<>(1_024, 0.75f, true)
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<ConversationKey, V> eldest)
        {
            return size() > ENTRIES_MAX;
        }
    };

    V get(final ConversationKey key)
    {
        return entries.get(key);
    }

    void put(final ConversationKey key, final V value)
    {
        entries.put(key, value);
    }

    V remove(final ConversationKey key)
    {
        return entries.remove(key);
    }
}
