package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The services of a cluster stay quiet at three sizes, over IPv4 and IPv6, with the defaults. */
class ClusterServicesTest
{
    private static final long AT_NS = 100 * SECOND_NS;
    private static final double FAR_NATS = 20.7 / 2;

    private final PolicyHarness net = new PolicyHarness(
        LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).build());

    @AfterEach
    void close()
    {
        net.close();
    }

    /** No signal at all. */
    private void shouldStayQuiet(final Timetable life)
    {
        live(life);
        assertEquals(List.of(), net.signals);
    }

    /** A few failures in a row may be told; one node's bar is at least twice as far. */
    private void shouldStayFarFromTheBar(final Timetable life)
    {
        live(life);
        net.signals.forEach((signal) -> assertTrue(signal.nats() < FAR_NATS, signal.toString()));
    }

    /** Events and a tick for each millisecond that has any, then three quiet seconds. */
    private void live(final Timetable life)
    {
        final int events = life.run((event) ->
        {
            if (event.timeNs() - net.nowNs >= MILLISECOND_NS)
            {
                net.nowNs = event.timeNs();
                net.policy.onTick(net.nowNs - 1);
            }
            net.policy.onConversation(event);
        });
        net.pass(3 * SECOND_NS);
        assertTrue(events >= 6, "events=" + events);
    }

    private static ClusterServices services(final long seed, final boolean isIpv6)
    {
        final ClusterServices services = new ClusterServices(seed);
        return isIpv6 ? services.overIpv6() : services;
    }

    private static ClusterLife jobs(final long seed, final boolean isIpv6)
    {
        final ClusterLife jobs = new ClusterLife(seed);
        return isIpv6 ? jobs.overIpv6() : jobs;
    }

    @ParameterizedTest
    @CsvSource({"8,false", "64,false", "512,false", "8,true", "64,true", "512,true"})
    void shouldStayQuietWhenACollectiveBootstraps(final int ranks, final boolean isIpv6)
    {
        shouldStayQuiet(services(1, isIpv6).collectiveBootstrap(AT_NS, ranks));
    }

    @ParameterizedTest
    @CsvSource({"3,false", "5,false", "9,false", "3,true", "5,true", "9,true"})
    void shouldStayQuietWhenAConsensusBeats(final int members, final boolean isIpv6)
    {
        shouldStayQuiet(services(2, isIpv6).consensus(AT_NS, members, 300));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "10,false", "50,false", "1,true", "10,true", "50,true"})
    void shouldStayFarFromTheBarWhenPodsAreProbedBeforeTheyAreUp(final int nodes, final boolean isIpv6)
    {
        shouldStayFarFromTheBar(services(3, isIpv6).livenessProbes(AT_NS, nodes, 110));
    }

    @ParameterizedTest
    @CsvSource({"100,false", "1000,false", "10000,false", "100,true", "1000,true", "10000,true"})
    void shouldStayQuietWhenTargetsAreScraped(final int targets, final boolean isIpv6)
    {
        shouldStayQuiet(services(4, isIpv6).scrape(AT_NS, targets, 4));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "50,false", "500,false", "1,true", "50,true", "500,true"})
    void shouldStayQuietWhenPackagesAreMirrored(final int hosts, final boolean isIpv6)
    {
        shouldStayQuiet(services(5, isIpv6).mirror(AT_NS, hosts));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "20,false", "200,false", "1,true", "20,true", "200,true"})
    void shouldStayQuietWhenHostsAreBackedUp(final int hosts, final boolean isIpv6)
    {
        shouldStayQuiet(services(6, isIpv6).backup(AT_NS, hosts));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "30,false", "300,false", "1,true", "30,true", "300,true"})
    void shouldStayQuietWhenClocksAreSet(final int hosts, final boolean isIpv6)
    {
        shouldStayQuiet(services(7, isIpv6).clocks(AT_NS, hosts, 100));
    }

    @ParameterizedTest
    @CsvSource({"8,false", "40,false", "200,false", "8,true", "40,true", "200,true"})
    void shouldStayQuietWhenDevicesAreDiscovered(final int devices, final boolean isIpv6)
    {
        shouldStayQuiet(services(8, isIpv6).discovery(AT_NS, devices));
    }

    @ParameterizedTest
    @CsvSource({"2,false", "8,false", "64,false", "2,true", "8,true", "64,true"})
    void shouldStayQuietWhenRoutersBeat(final int routers, final boolean isIpv6)
    {
        shouldStayQuiet(services(9, isIpv6).routing(AT_NS, routers, 1_800));
    }

    @ParameterizedTest
    @CsvSource({"20,false", "200,false", "2000,false", "20,true", "200,true", "2000,true"})
    void shouldStayQuietWhenBoardsArePolled(final int controllers, final boolean isIpv6)
    {
        shouldStayQuiet(services(10, isIpv6).boardPolls(AT_NS, controllers, 5));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "5,false", "20,false", "1,true", "5,true", "20,true"})
    void shouldStayQuietWhenRoutesAreTraced(final int targets, final boolean isIpv6)
    {
        shouldStayQuiet(services(11, isIpv6).traces(AT_NS, targets));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "8,false", "32,false", "1,true", "8,true", "32,true"})
    void shouldStayQuietWhenPowerComesBackToDevices(final int devices, final boolean isIpv6)
    {
        shouldStayQuiet(services(12, isIpv6).devices(AT_NS, devices));
    }

    @ParameterizedTest
    @CsvSource({"8,false", "24,false", "72,false", "8,true", "24,true", "72,true"})
    void shouldStayQuietWhenACollectiveStarts(final int hosts, final boolean isIpv6)
    {
        shouldStayQuiet(jobs(21, isIpv6).collectiveStart(AT_NS, hosts, 4, 1));
    }

    @ParameterizedTest
    @CsvSource({"2,false", "16,false", "64,false", "2,true", "16,true", "64,true"})
    void shouldStayQuietWhenCheckpointsAreWritten(final int writers, final boolean isIpv6)
    {
        shouldStayQuiet(jobs(22, isIpv6).checkpoint(AT_NS, writers));
    }

    @ParameterizedTest
    @CsvSource({"50,false", "400,false", "3000,false", "50,true", "400,true", "3000,true"})
    void shouldStayQuietWhenHealthIsChecked(final int hosts, final boolean isIpv6)
    {
        shouldStayQuiet(jobs(23, isIpv6).healthChecks(AT_NS, 4_000, hosts, hosts / 100, 6));
    }

    @ParameterizedTest
    @CsvSource({"2,false", "60,false", "600,false", "2,true", "60,true", "600,true"})
    void shouldStayQuietWhenNamesAreAskedFor(final int hosts, final boolean isIpv6)
    {
        shouldStayQuiet(jobs(24, isIpv6).names(AT_NS, hosts, 60));
    }

    @ParameterizedTest
    @CsvSource({"500,false", "5000,false", "30000,false", "500,true", "5000,true", "30000,true"})
    void shouldStayFarFromTheBarWhenAGatewayHidesItsClients(final int connections, final boolean isIpv6)
    {
        shouldStayFarFromTheBar(jobs(25, isIpv6).addressTranslation(AT_NS, connections));
    }

    @ParameterizedTest
    @CsvSource({"5,false", "50,false", "300,false", "5,true", "50,true", "300,true"})
    void shouldStayQuietWhenAServerRestarts(final int clients, final boolean isIpv6)
    {
        shouldStayQuiet(jobs(26, isIpv6).restart(AT_NS, clients, 20));
    }

    @ParameterizedTest
    @CsvSource({"1000,false", "20000,false", "100000,false", "1000,true", "20000,true", "100000,true"})
    void shouldStayQuietWhenPortsAreReused(final int connections, final boolean isIpv6)
    {
        shouldStayQuiet(jobs(27, isIpv6).portReuse(AT_NS, connections));
    }

    @ParameterizedTest
    @CsvSource({"100,1", "1000,8", "10000,64"})
    void shouldStayQuietWhenASchedulerStartsAThousandProcesses(final int processes, final int hosts)
    {
        final RehearsedEvent started = new RehearsedEvent();
        final String[][] lineages = {
            {"/usr/sbin/slurmstepd", "/home/ml/run.sh"}, {"/home/ml/run.sh", "/opt/conda/bin/python3.11"},
            {"/opt/conda/bin/python3.11", "/home/ml/train"}, {"/home/ml/train", "/usr/bin/nvidia-smi"}};
        for (int process = 0; process < processes; process++)
        {
            final String[] lineage = lineages[process % lineages.length];
            final EventStep step = new EventStep(
                List.of(EventStep.STARTED),
                new EventStep.Ends(net.high(), net.low(process % hosts), 0, 0, 0, 0, 0),
                new EventStep.Pace(0, 1, List.of()), 0, 0, EventStep.Measures.NONE,
                new EventStep.Program(lineage[1], lineage[0]));
            net.nowNs += MILLISECOND_NS;
            started.set(step, EventStep.STARTED, 0, net.nowNs);
            net.policy.onProcess(started);
        }
        assertEquals(processes, net.count(SketchCounter.PROCESS_EVENTS));
        assertEquals(List.of(), net.signals);
    }
}
