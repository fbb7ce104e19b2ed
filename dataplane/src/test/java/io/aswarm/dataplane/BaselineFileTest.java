package io.aswarm.dataplane;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BaselineFileTest
{
    private static final long START_NS = 1_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int HOURS = 3;

    @TempDir
    private Path directory;

    private final TestCounters counters = new TestCounters();
    private final List<String> errors = new ArrayList<>();

    @Test
    void shouldGiveTheNextRunWhatThisOneLearned() throws IOException
    {
        final Path file = directory.resolve("baselines");
        try (LocalPolicy policy = policy())
        {
            learn(policy);
            final BaselineFile baselines = baselines(file, policy);
            baselines.save();
            assertFalse(Files.exists(file));
            baselines.close();
            assertTrue(Files.exists(file));
        }
        try (LocalPolicy next = policy())
        {
            assertTrue(baselines(file, next).load(START_NS) > 0);
        }
        assertEquals(List.of(), errors);
        assertEquals(List.of(file), files());
    }

    @Test
    void shouldSaveEachMinuteAndNotBefore() throws IOException
    {
        final Path file = directory.resolve("baselines");
        try (LocalPolicy policy = policy())
        {
            final BaselineFile baselines = baselines(file, policy);
            baselines.onTick(START_NS + BaselineFile.INTERVAL_NS - 1);
            assertEquals(0, baselines.doWork());
            baselines.onTick(START_NS + BaselineFile.INTERVAL_NS);
            assertEquals(1, baselines.doWork());
            assertEquals(0, baselines.doWork());
        }
    }

    @Test
    void shouldLeaveACopyAloneThatIsNotWrittenYet() throws IOException
    {
        final Path file = directory.resolve("baselines");
        try (LocalPolicy policy = policy())
        {
            final BaselineFile baselines = baselines(file, policy);
            baselines.save();
            learn(policy);
            baselines.save();
            baselines.doWork();
            assertEquals(0, baselines(file, policy).load(START_NS));
        }
        assertEquals(List.of(), errors);
    }

    @Test
    void shouldBeginAfreshAndSaySoWhenAByteIsWrong() throws IOException
    {
        final Path file = directory.resolve("baselines");
        try (LocalPolicy policy = policy())
        {
            learn(policy);
            final BaselineFile baselines = baselines(file, policy);
            baselines.save();
            baselines.doWork();
            final byte[] whole = Files.readAllBytes(file);
            for (final int length : new int[]{0, 5, 12, whole.length - 1})
            {
                assertRefused(file, Arrays.copyOf(whole, length));
            }
            for (final int at : new int[]{0, 9, 13, whole.length - 1})
            {
                final byte[] damaged = whole.clone();
                damaged[at] ^= 1;
                assertRefused(file, damaged);
            }
        }
    }

    @Test
    void shouldSayThatItCannotSave() throws IOException
    {
        try (LocalPolicy policy = policy())
        {
            final BaselineFile baselines = baselines(directory.resolve("missing/baselines"), policy);
            baselines.save();
            baselines.doWork();
            baselines.save();
            assertEquals(1, baselines.doWork());
        }
        assertEquals(2, errors.size());
        assertTrue(errors.get(0).contains("baselines cannot be saved"), errors.get(0));
    }

    private void assertRefused(final Path file, final byte[] bytes) throws IOException
    {
        errors.clear();
        Files.write(file, bytes);
        try (LocalPolicy policy = policy())
        {
            assertEquals(0, baselines(file, policy).load(START_NS));
        }
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).contains("is damaged or of another version"), errors.get(0));
        assertFalse(Files.exists(file));
        assertTrue(Files.exists(directory.resolve("baselines.damaged")));
    }

    private List<Path> files() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.toList();
        }
    }

    private BaselineFile baselines(final Path file, final LocalPolicy policy)
    {
        return new BaselineFile(file, policy, (ex) -> errors.add(ex.getMessage()), START_NS);
    }

    private LocalPolicy policy()
    {
        return new LocalPolicy(LocalPolicyConfig.builder().hashKey(1, 2).build(), (signal) -> {}, counters.of());
    }

    /** One host sends the same volume outside, minute by minute. */
    private static void learn(final LocalPolicy policy)
    {
        for (int minute = 0; minute < HOURS * 60; minute++)
        {
            policy.onConversation(new Volume(START_NS + minute * 60 * SECOND_NS));
            policy.onTick(START_NS + minute * 60 * SECOND_NS);
        }
    }

    private record Volume(long timeNs) implements Conversation
    {
        @Override
        public int kind()
        {
            return ConversationKind.VOLUME;
        }

        @Override
        public long initiatorHigh()
        {
            return 0;
        }

        @Override
        public long initiatorLow()
        {
            return 0x0000_ffff_c612_0042L;
        }

        @Override
        public long responderHigh()
        {
            return 0x2001_0db8_0000_0000L;
        }

        @Override
        public long responderLow()
        {
            return 1;
        }

        @Override
        public int initiatorPort()
        {
            return 40_000;
        }

        @Override
        public int responderPort()
        {
            return 443;
        }

        @Override
        public int protocol()
        {
            return 6;
        }

        @Override
        public int weight()
        {
            return 1;
        }

        @Override
        public int flags()
        {
            return 0;
        }

        @Override
        public long quantity()
        {
            return 65_536;
        }
    }
}
