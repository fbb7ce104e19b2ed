package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class LineageTestTest
{
    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void start(final int host, final String parent, final String path, final int flags)
    {
        net.policy.onProcess(new ProcessStart(
            net.nowNs, net.high(), net.low(host), parent, path, List.of(parent),
            (flags & ProcessEvent.FLAG_PARENT_SERVES) != 0 ? 1 : 0, flags));
    }

    private static long key(final String path)
    {
        final byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        return LineageTest.binaryKey(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource({"150,false", "1000,true"})
    void shouldHoldARareChildAgainstTheHostWhenItsParentIsWellKnown(final int starts, final boolean told)
    {
        for (int i = 0; i < starts; i++)
        {
            start(7, "/opt/worker", "/opt/step", 0);
        }
        start(7, "/opt/worker", "/home/u/x", 0);
        // ln(1001 / 50) = 3.0; ln(151 / 50) = 1.1 is below the weak threshold.
        assertEquals(told, !net.signals.isEmpty());
    }

    @ParameterizedTest
    // starts before and how many of them were of the child: ln((starts + 2) / (50 (times + 1))), 4 nats at most
    @CsvSource({"100,0,0.7130", "1000,0,2.9977", "1000,2,1.9011", "10000,0,4.0"})
    void shouldHoldARareChildByHowRareItIs(final int others, final int times, final double nats)
    {
        try (PolicyHarness shipped = new PolicyHarness(PolicyHarness.shipped().build()))
        {
            for (int i = 0; i < others + times; i++)
            {
                shipped.policy.onProcess(new ProcessStart(shipped.nowNs, shipped.high(), shipped.low(7),
                    "/opt/worker", i < times ? "/usr/bin/x" : "/usr/bin/step", List.of("/opt/worker"), 0, 0));
            }
            shipped.policy.onProcess(new ProcessStart(shipped.nowNs, shipped.high(), shipped.low(8),
                "/opt/worker", "/usr/bin/x", List.of("/opt/worker"), 0, 0));
            assertEquals(nats, shipped.nats(Scenario.LINEAGE), 1e-4);
            assertEquals(Math.min(4.0, Math.log((others + times + 2) / (50.0 * (times + 1)))), nats, 1e-4);
            assertEquals(shipped.low(8), shipped.last().subjectLow());
        }
    }

    @ParameterizedTest
    @CsvSource({"/opt/agent,3,0", "/opt/agent,4,1", "/usr/sbin/slurmstepd,1000,0", "/usr/bin/containerd-shim,1000,0"})
    void shouldHoldASpreadingBinaryAgainstHostsUnlessALauncherStartedIt(
        final String parent, final int hosts, final int signals)
    {
        for (int host = 0; host < hosts; host++)
        {
            start(host, parent, "/tmp/new", 0);
        }
        assertEquals(signals, net.signals.size());
    }

    @ParameterizedTest
    @CsvSource({"599999999999,true", "600000000000,false"})
    void shouldCallABinaryNewForTenMinutes(final long knownNs, final boolean told)
    {
        start(0, "/opt/agent", "/opt/old", 0);
        net.nowNs += knownNs;
        for (int host = 1; host < 50; host++)
        {
            start(host, "/opt/agent", "/opt/old", 0);
        }
        assertEquals(told, !net.signals.isEmpty());
    }

    @Test
    void shouldLetEvidenceHalveInAnHour()
    {
        try (PolicyHarness shipped = new PolicyHarness(PolicyHarness.shipped().build()))
        {
            for (int i = 0; i < 1_002; i++)
            {
                shipped.nowNs += i == 1_001 ? 1_800 * SECOND_NS : 0;
                shipped.policy.onProcess(new ProcessStart(shipped.nowNs, shipped.high(), shipped.low(7),
                    "/opt/worker", i < 1_000 ? "/usr/bin/step" : "/usr/bin/x", List.of("/opt/worker"), 0, 0));
            }
            assertEquals(Math.sqrt(0.5) * Math.log(1_002 / 50.0) + Math.log(1_003 / 100.0),
                shipped.nats(Scenario.LINEAGE), 1e-3);
        }
    }

    @Test
    void shouldStayQuietWhenASchedulerStartsAThousandProcesses()
    {
        for (int process = 0; process < 1_000; process++)
        {
            start(process % 40, "/usr/sbin/slurmstepd", "/home/u/train" + process % 5, 0);
            start(process % 40, "/home/u/train" + process % 5, "/usr/bin/python3", 0);
            start(process % 40, "/usr/bin/bash", "/usr/bin/ls", 0);
            net.leap(SECOND_NS / 1_000);
        }
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldKeyBinariesTheSameEverywhere()
    {
        assertEquals(key("/usr/bin/curl"), key("/usr/bin/curl"));
        assertNotEquals(key("/usr/bin/curl"), key("/usr/bin/curk"));
        assertNotEquals(0, key(""));
    }

    @Test
    void shouldNameTheBinaryAsTheAim()
    {
        for (int host = 0; host < 4; host++)
        {
            start(host, "/opt/agent", "/tmp/new", 0);
        }
        assertEquals(key("/tmp/new"), net.last().aimHigh());
        assertEquals(0, net.last().aimLow());
        assertEquals(0, net.last().aimPort());
        assertEquals(1, net.last().count());
        assertEquals(0, net.last().verification());
    }

    @ParameterizedTest
    // a launcher's child starts it, or a launcher started it somewhere before
    @CsvSource({"/home/u/job,/home/u/worker,/home/u/job,0", "/usr/sbin/slurmstepd,/tmp/new,/opt/agent,0",
        "/opt/shell,/tmp/new,/opt/agent,1"})
    void shouldTakeWhatALauncherBroughtForItsWork(
        final String firstParent, final String path, final String parent, final int signals)
    {
        start(50, "/usr/sbin/slurmstepd", "/home/u/job", 0);
        start(51, firstParent, path, 0);
        for (int host = 0; host < 4 - signals; host++)
        {
            start(host, parent, path, 0);
        }
        assertEquals(signals, net.signals.size());
    }

    @Test
    void shouldHoldNothingAgainstAHostThatIsDeclared()
    {
        try (PolicyHarness spared = new PolicyHarness(PolicyHarness.shipped()
            .exemptions(List.of(new Exemption(net.high(), net.low(9), 128))).build()))
        {
            for (int host = 6; host <= 9; host++)
            {
                spared.policy.onProcess(new ProcessStart(spared.nowNs, spared.high(), spared.low(host),
                    "/opt/agent", "/tmp/new", List.of("/opt/agent"), 0, 0));
            }
            assertEquals(List.of(spared.low(8)), spared.signals.stream().map(PolicyHarness.Seen::subjectLow).toList());
        }
    }
}
