package io.aswarm.actuator;

import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.KernelSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

import static io.aswarm.actuator.GatewayFixture.BEHIND;
import static io.aswarm.actuator.GatewayFixture.BYSTANDER;
import static io.aswarm.actuator.GatewayFixture.GATEWAY;
import static io.aswarm.actuator.GatewayFixture.GATEWAY_V6;
import static io.aswarm.actuator.GatewayFixture.SUBJECT;
import static io.aswarm.actuator.GatewayFixture.SUBJECT_V6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Somebody on the link forges a benign host's address, and the catalog's act answers. What the benign host loses by it
 * is measured with real packets.
 */
class ForgedSourceIT
{
    private static final int FORGED = 200;
    private static final int CONNECTIONS = 20;
    private static final int TIMEOUT_MS = 800;
    private static final long GUARD_MAX_NS = 10_000_000_000L;

    private GatewayFixture gateway;
    private KernelSensor sensor;
    private KernelNode node;
    private ServerSocket service;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @BeforeEach
    void open() throws Exception
    {
        gateway = new GatewayFixture();
        sensor = gateway.openSensor();
        node = new KernelNode(sensor, shippedCatalog(), gateway::inside);
        service = gateway.inside(() -> new ServerSocket(0, 2 * FORGED));
        service.setSoTimeout(TIMEOUT_MS);
    }

    @AfterEach
    void close() throws Exception
    {
        if (null != service)
        {
            service.close();
        }
        if (null != sensor)
        {
            sensor.close();
        }
        if (null != gateway)
        {
            gateway.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "port-scan," + SUBJECT, "sweep," + SUBJECT, "syn-flood," + SUBJECT, "lateral," + SUBJECT,
        "brute-force," + SUBJECT, "port-scan," + SUBJECT_V6, "sweep," + SUBJECT_V6, "syn-flood," + SUBJECT_V6,
        "lateral," + SUBJECT_V6, "brute-force," + SUBJECT_V6})
    void shouldHarmNoNeighbourWhoseAddressIsForged(final String scenario, final String subject) throws Exception
    {
        try (Conversation established = converse(subject))
        {
            final Outcome guard = node.ask(scenario, subject, Role.SOURCE, 0, Aim.MANY);
            assertEquals(Outcome.Kind.EFFECTIVE, guard.kind(), guard.reason());
            assertEquals("guard_source", guard.actKind());
            assertTrue(guard.ttlNs() <= GUARD_MAX_NS, "seconds at most: " + guard.ttlNs());

            gateway.forge(subject, service.getLocalPort(), FORGED);
            assertTrue(established.answers(), "an established conversation is broken");
            assertNoneRefused(subject);
            gateway.forge(subject, service.getLocalPort(), FORGED);
            assertTrue(established.answers(), "an established conversation is broken");
            assertForgeriesDropped(guard);
        }
    }

    @Test
    void shouldBreakNothingEstablishedOfAHostBehindARouterAndRefuseForSecondsOnly() throws Exception
    {
        try (Conversation established = converse(BEHIND))
        {
            final Outcome guard = node.ask("syn-flood", BEHIND, Role.SOURCE, 0, Aim.MANY);
            assertEquals(Outcome.Kind.EFFECTIVE, guard.kind(), guard.reason());
            gateway.forge(BEHIND, service.getLocalPort(), FORGED);
            assertTrue(established.answers(), "an established conversation is broken");
            assertForgeriesDropped(guard);

            final Outcome reverted = node.awaitNext();
            assertEquals(Outcome.Kind.REVERTED, reverted.kind(), reverted.reason());
            assertTrue(reverted.endedNs() - guard.startedNs() < GUARD_MAX_NS);
            assertNoneRefused(BEHIND);
            assertTrue(established.answers());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "spread-flood," + SUBJECT, "distributed-scan," + SUBJECT, "spread-flood," + SUBJECT_V6,
        "distributed-scan," + SUBJECT_V6})
    void shouldKeepTheVictimReachableWhileItIsFloodedFromForgedAddresses(final String scenario, final String neighbour)
        throws Exception
    {
        final String victim = neighbour.indexOf(':') < 0 ? GATEWAY : GATEWAY_V6;
        try (Conversation established = converse(neighbour))
        {
            final Outcome limit =
                node.ask(scenario, victim, Role.AIM, 0, new Aim(null, 0, service.getLocalPort()));
            assertEquals(Outcome.Kind.EFFECTIVE, limit.kind(), limit.reason());
            assertEquals("limit_aim", limit.actKind());

            gateway.forge(neighbour, service.getLocalPort(), 5 * FORGED);
            assertTrue(established.answers(), "an established conversation is broken");
            assertNoneRefused(neighbour);
            assertForgeriesDropped(limit);
        }
    }

    @ParameterizedTest
    @CsvSource({"lineage,SOURCE,2", "exfiltration,SOURCE,0", "beacon,SOURCE,0", "call-home,AIM,0"})
    void shouldTakeNothingFromAnybodyWhereTheScenarioIsOnlyTold(
        final String scenario, final Role role, final int verification) throws Exception
    {
        try (Conversation established = converse(SUBJECT))
        {
            final Outcome told = node.ask(scenario, SUBJECT, role, verification, Aim.MANY);
            assertEquals(Outcome.Kind.REFUSED, told.kind());
            assertTrue(told.reason().contains("only observes"), told.reason());

            gateway.forge(SUBJECT, service.getLocalPort(), FORGED);
            assertTrue(established.answers(), "an established conversation is broken");
            assertNoneRefused(SUBJECT);
        }
    }

    @Test
    void shouldDropTheNeighbourWhenItIsTheOneWhoDidIt() throws Exception
    {
        try (Conversation established = converse(SUBJECT))
        {
            final Outcome drop = node.ask("syn-flood", SUBJECT, Role.SOURCE, 2, Aim.MANY);
            assertEquals("drop_source", drop.actKind(), drop.reason());
            assertFalse(established.answers());
            assertTrue(gateway.passes(BYSTANDER));
        }
    }

    private void assertNoneRefused(final String source) throws IOException
    {
        for (int i = 0; i < CONNECTIONS; i++)
        {
            try (Conversation conversation = converse(source))
            {
                assertTrue(conversation.answers(), "new conversation " + i + " of " + CONNECTIONS + " is refused");
            }
        }
    }

    private void assertForgeriesDropped(final Outcome act)
    {
        final long drops = sensor.quarantine().drops(act.containment().rule(), act.actId());
        assertTrue(drops >= FORGED / 2, drops + " forged openings were dropped");
    }

    private Conversation converse(final String source) throws IOException
    {
        final InetSocketAddress to =
            new InetSocketAddress(source.indexOf(':') < 0 ? GATEWAY : GATEWAY_V6, service.getLocalPort());
        final Socket client = gateway.onHost(() ->
        {
            final Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.getByName(source), 0));
            socket.connect(to, TIMEOUT_MS);
            return socket;
        });
        // forged openings are never completed, so that they never come here
        return new Conversation(client, service.accept());
    }

    private static Catalog shippedCatalog() throws Exception
    {
        try (InputStream in = Catalog.class.getResourceAsStream("default-catalog.yaml"))
        {
            return Catalog.parse("default-catalog.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Both ends of a connection. */
    private record Conversation(Socket client, Socket server) implements AutoCloseable
    {
        boolean answers() throws IOException
        {
            server.setSoTimeout(TIMEOUT_MS);
            client.getOutputStream().write(7);
            try
            {
                return 7 == server.getInputStream().read();
            }
            catch (final SocketTimeoutException ex)
            {
                return false;
            }
        }

        @Override
        public void close() throws IOException
        {
            client.close();
            server.close();
        }
    }
}
