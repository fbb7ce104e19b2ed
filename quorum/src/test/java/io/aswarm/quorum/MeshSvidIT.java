package io.aswarm.quorum;

import io.aswarm.trust.Authority;
import io.aswarm.trust.KeyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Date;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Four nodes in namespaces of their own, whose roster is an authority's X.509-SVIDs. */
class MeshSvidIT
{
    private static final int NODES = 4;
    private static final String ID = "spiffe://lab.example/aswarm/lab/node/";
    private static final long DAY_MS = 86_400_000L;
    /** Enough for nodes that run to be told of it and to be believed once. */
    private static final long SHORT_LIFE_MS = 20_000;

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES);
    private Authority authority;

    @BeforeEach
    void certifyInTheRoster() throws Exception
    {
        authority = Authority.root("hall");
        Files.writeString(lab.directory().resolve("bundle.pem"), authority.pem());
        Files.writeString(lab.directory().resolve("roster.yaml"), "site: lab\n" +
            "svid: {trust_domain: lab.example, bundle: bundle.pem, certificates: svids.pem}\n");
    }

    @Test
    void shouldElevateByCertificatesAndDropWhomTheAuthorityDrops() throws Exception
    {
        certify(svids(authority, DAY_MS, 1, 2, 3, 4));
        lab.startAll(MeshLab.MULTICAST);
        elevate(1, 3, 1, 2, 3, 4);

        certify(svids(authority, DAY_MS, 1, 2, 3));
        for (int id = 1; id <= 3; id++)
        {
            assertEquals("roster 3", reload(id));
        }
        final long before = lab.count(1, QuorumCounter.REFUSED_UNKNOWN_SENDER);
        lab.tell(4, "signal 2 9.0");
        lab.tell(1, "signal 2 9.0");
        // of three nodes two suffice
        elevate(3, 2, 1, 2, 3);
        lab.awaitCountAbove(1, QuorumCounter.REFUSED_UNKNOWN_SENDER, before);
        for (int id = 1; id <= 3; id++)
        {
            lab.awaitCount(id, QuorumCounter.SESSION_REACH, 2);
        }

        certify(svids(Authority.root("hall"), DAY_MS, 1, 2, 3, 4));
        assertTrue(reload(1).contains("no authority of the bundle vouches for " + ID + "1"));
        elevate(5, 2, 1, 2, 3);
    }

    @Test
    void shouldNotHearANodeWhoseCertificateIsOver() throws Exception
    {
        certify(svids(authority, DAY_MS, 1, 2, 3, 4));
        lab.startAll(MeshLab.MULTICAST);

        certify(svids(authority, DAY_MS, 1, 2, 3) + svids(authority, SHORT_LIFE_MS, 4));
        final long endsMs = System.currentTimeMillis() + SHORT_LIFE_MS;
        for (int id = 1; id <= NODES; id++)
        {
            assertEquals("roster 4", reload(id));
        }
        elevate(1, 3, 1, 2, 4, 3);

        Thread.sleep(Math.max(0, endsMs - System.currentTimeMillis()));
        lab.tell(4, "signal 2 9.0");
        lab.tell(1, "signal 2 9.0");
        lab.tell(2, "signal 2 9.0");
        elevate(3, 3, 1, 2, 3);
        lab.awaitCountAbove(1, QuorumCounter.REFUSED_EXPIRED, 0);
    }

    /** These say so, and all who are named elevate it, and nothing else before. */
    private void elevate(final int subject, final int witnesses, final int... nodes)
        throws IOException, InterruptedException
    {
        for (int i = 0; i < witnesses; i++)
        {
            lab.tell(nodes[i], "signal " + subject + " 8.0");
        }
        final String names = Arrays.stream(nodes).limit(witnesses).mapToObj((id) -> "node-" + id)
            .collect(Collectors.joining(", "));
        for (final int id : nodes)
        {
            assertEquals("elevation " + subject + " [" + names + "]", lab.next(id, "elevation "));
        }
        final String evidence = lab.next(nodes[0], "evidence " + subject + " ");
        assertTrue(Integer.parseInt(evidence.split(" ")[2]) > 0, evidence);
    }

    /** What the node says of the roster, read again. */
    private String reload(final int id) throws IOException, InterruptedException
    {
        lab.tell(id, "roster " + lab.directory().resolve("roster.yaml"));
        return lab.next(id, "roster ");
    }

    private void certify(final String svids) throws IOException
    {
        Files.writeString(lab.directory().resolve("svids.pem"), svids);
    }

    private String svids(final Authority by, final long lifeMs, final int... ids) throws Exception
    {
        final long nowMs = System.currentTimeMillis();
        final StringBuilder pems = new StringBuilder();
        for (final int id : ids)
        {
            pems.append(by.svid(ID + id, KeyFile.load(lab.directory().resolve("key-" + id)).publicKey(),
                new Date(nowMs - DAY_MS), new Date(nowMs + lifeMs)));
        }
        return pems.toString();
    }
}
