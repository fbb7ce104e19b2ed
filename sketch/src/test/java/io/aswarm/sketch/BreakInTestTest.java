package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Lineages are written from the service down: the last is what starts. */
class BreakInTestTest
{
    /** What a node alone acts on. */
    private static final double BAR_NATS = 20.72;

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void start(final int host, final String lineage, final int serves, final int flags)
    {
        final List<String> generations = new ArrayList<>(Arrays.asList(lineage.split(">")));
        final String program = generations.remove(generations.size() - 1);
        Collections.reverse(generations);
        net.policy.onProcess(new ProcessStart(
            net.nowNs, net.high(), net.low(host), generations.isEmpty() ? "" : generations.get(0), program,
            generations, serves, flags));
    }

    private double nats()
    {
        return net.signals.isEmpty() ? 0 : net.last().nats();
    }

    @ParameterizedTest
    @CsvSource({
        // a named service: each stage 8, a shell that it did not start itself is two
        "/usr/sbin/nginx>/usr/bin/curl,0,0,8",
        "/usr/sbin/php-fpm7.4>/bin/sh,0,0,8",
        "/usr/sbin/apache2>/usr/lib/cgi-bin/a>/bin/bash-static,0,0,16",
        "/usr/sbin/apache2>/usr/lib/cgi-bin/a>/usr/bin/uptime,0,0,0",
        "/usr/sbin/nginx>/bin/sh>/bin/cat,0,0,8",
        "/usr/sbin/nginx>/bin/sh>/usr/bin/wget,0,0,16",
        "/usr/sbin/nginx>/bin/bash,0,2,16",
        "/usr/sbin/nginx>/bin/bash,0,1,8",
        "/usr/sbin/nginx>/dev/shm/bash,0,2,24",
        "/usr/sbin/nginx>/bin/sh>/bin/bash,0,0,8",
        "/usr/sbin/nginx>/dev/shm/x,0,0,8",
        "/usr/sbin/nginx>/usr/bin/convert,0,0,0",
        // who serves without a name runs applications
        "/opt/app>/usr/bin/nc,1,0,8",
        "/opt/app>/bin/sh>/bin/cat,2,0,2.302585",
        "/opt/app>/bin/bash,1,2,10.302585",
        "/opt/app>/usr/bin/curl,0,0,0",
        // people come in by shells, and launchers start what others order
        "/usr/sbin/sshd>/bin/bash>/usr/bin/curl,2,0,0",
        "/usr/sbin/nginx>/usr/bin/containerd-shim>/bin/sh,0,0,0",
        "/usr/bin/bash>/usr/bin/curl,0,0,0"})
    void shouldHoldStagesAgainstTheHostWhenTheyAreUnderAService(
        final String lineage, final int serves, final int flags, final double nats)
    {
        start(7, lineage, serves, flags);
        assertEquals(nats, nats(), 1e-6);
        if (nats > 0)
        {
            final String program = lineage.substring(lineage.lastIndexOf('>') + 1);
            final byte[] path = new byte[ProcessEvent.PATH_MAX];
            assertEquals(Scenario.LINEAGE.code(), net.last().scenario());
            assertEquals(net.low(7), net.last().subjectLow());
            assertEquals(0, net.last().verification());
            assertEquals(
                LineageTest.binaryKey(path, 0, ProcessStart.copy(program, path)), net.last().aimHigh());
        }
    }

    @Test
    void shouldHoldAConnectedShellAndAToolEachForItself()
    {
        start(7, "/usr/sbin/nginx>/bin/bash", 0, ProcessEvent.FLAG_INPUT_CONNECTED);
        start(7, "/usr/sbin/nginx>/usr/bin/curl", 0, 0);
        assertEquals(24, nats(), 1e-6);
    }

    @Test
    void shouldKeepTheEightServicesThatHaveEvidenceWhenTheTableIsFullOfThem()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().floodsMax(8).build()))
        {
            for (int host = 0; host < 9; host++)
            {
                for (int stage = 0; stage < (host < 8 ? 2 : 1); stage++)
                {
                    small.policy.onProcess(new ProcessStart(
                        small.nowNs, small.high(), small.low(host), "/usr/sbin/nginx",
                        stage == 0 ? "/usr/bin/curl" : "/bin/sh", List.of("/usr/sbin/nginx"), 0, 0));
                }
            }
            assertEquals(2 * 8, small.of(Scenario.LINEAGE).size());
        }
    }

    @Test
    void shouldBeAtTheBarWhenAHandlerWasMadeToRunACommand()
    {
        start(7, "/usr/sbin/apache2>/usr/lib/cgi-bin/a", 0, 0);
        start(7, "/usr/sbin/apache2>/usr/lib/cgi-bin/a>/bin/bash", 0, 0);
        assertTrue(nats() < BAR_NATS);
        start(7, "/usr/sbin/apache2>/usr/lib/cgi-bin/a>/bin/bash>/bin/cat", 0, 0);
        assertTrue(nats() > BAR_NATS);
    }

    @Test
    void shouldSeeTheShellThatBecameTheCommand()
    {
        net.policy.onProcess(new ProcessStart(
            net.nowNs, net.high(), net.low(7), "/bin/sh", "/bin/cat",
            List.of("/usr/lib/cgi-bin/a", "/usr/sbin/apache2"), 0, 0));
        assertEquals(8, nats(), 1e-6);
    }

    @Test
    void shouldHoldAgainstAServiceOnceWhatItDoesAgainAndAgain()
    {
        for (int request = 0; request < 1_000; request++)
        {
            start(7, "/usr/sbin/httpd>/bin/bash", 0, 0);
            start(7, "/usr/sbin/httpd>/bin/bash>/bin/date", 0, 0);
            net.leap(SECOND_NS);
        }
        assertTrue(nats() <= 16);
        assertTrue(net.signals.size() <= 2, net.signals.size() + " signals");
    }

    @Test
    void shouldHoldAStageAgainAfterADayAtTheEarliestAndTwoAtTheLatest()
    {
        start(7, "/usr/sbin/nginx>/usr/bin/curl", 0, 0);
        for (int hour = 0; hour < 24; hour++)
        {
            net.leap(3_600 * SECOND_NS);
            start(7, "/usr/sbin/postgres>/usr/bin/uptime", 0, 0);
        }
        start(7, "/usr/sbin/nginx>/usr/bin/curl", 0, 0);
        assertEquals(1, net.signals.size());
        for (int hour = 0; hour < 48; hour++)
        {
            net.leap(3_600 * SECOND_NS);
            start(7, "/usr/sbin/postgres>/usr/bin/uptime", 0, 0);
        }
        start(7, "/usr/sbin/nginx>/usr/bin/curl", 0, 0);
        assertEquals(2, net.signals.size());
        assertEquals(8, nats(), 1e-6);
        assertEquals(1, net.last().count());
    }

    @ParameterizedTest
    @CsvSource({"0,8", "1,0"})
    void shouldFindTheServiceAmongTheGenerationsThatAreTold(final int further, final double nats)
    {
        start(7, "/usr/sbin/nginx" + ">/opt/worker".repeat(ProcessEvent.GENERATIONS_MAX - 1 + further) +
            ">/usr/bin/curl", 0, 0);
        assertEquals(nats, nats(), 1e-6);
    }

    @Test
    void shouldKeepHostsAndServicesApart()
    {
        start(7, "/usr/sbin/httpd>/bin/bash", 0, 0);
        start(8, "/usr/sbin/httpd>/bin/bash>/bin/date", 0, 0);
        start(7, "/usr/sbin/postgres>/bin/bash>/bin/date", 0, 0);
        assertTrue(net.signals.stream().allMatch((each) -> each.nats() < 9));
    }

    @Test
    void shouldStayQuietWhenContainersStartPackagesAreInstalledAndJobsRun()
    {
        for (int i = 0; i < 500; i++)
        {
            final int host = i % 20;
            start(host, "/usr/bin/containerd-shim-runc-v2>/usr/bin/runc>/bin/sh", 1, 0);
            start(host, "/usr/bin/containerd-shim-runc-v2>/bin/sh>/usr/bin/curl", 2, 0);
            start(host, "/usr/sbin/sshd>/bin/bash>/usr/bin/apt>/usr/bin/dpkg>/bin/sh", 5, 0);
            start(host, "/usr/sbin/cron>/bin/sh>/usr/bin/rsync", 0, 0);
            start(host, "/usr/bin/node>/bin/sh>/sbin/ip", 2, 0);
            start(host, "/usr/lib/systemd/systemd>/usr/bin/bash>/usr/bin/wget", 2, 0);
            net.leap(SECOND_NS / 10);
        }
        assertTrue(net.signals.stream().allMatch((each) -> each.nats() < 5), net.signals.toString());
    }
}
