package io.aswarm.trust;

import org.bouncycastle.asn1.x509.TBSCertificate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A roster from X.509-SVIDs (SPIFFE, X.509-SVID, sections 2 to 5), for sites whose identities an authority issues: one
 * PEM file of certificates of nodes and operators with the intermediates they need, and one of the trust domain's
 * authorities. A node is {@code spiffe://TRUST-DOMAIN/aswarm/SITE/node/ID}, an operator
 * {@code spiffe://TRUST-DOMAIN/aswarm/SITE/operator/NAME}; their keys are of Ed25519 or P-256. A second certificate of
 * the same name with an ML-DSA-65 key (RFC 9881) makes the identity hybrid. Certificates with other names are left
 * aside. A certificate's time is the identity's.
 */
public final class SvidRoster
{
    private static final int LENGTH_MAX = 16 << 20;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final int URI_NAME = 6;
    private static final int NODE_ID_MAX = 65_535;
    /** SubjectPublicKeyInfo of ML-DSA-65 up to the key's bits, RFC 9881 section 4. */
    private static final byte[] ML_DSA_PREFIX = HexFormat.of().parseHex("308207b2300b0609608648016503040312038207a100");

    /** What certificates of one name add up to. */
    private static final class Entry
    {
        private PublicKey classical;
        private byte[] mlDsa;
        private long notBeforeEpochNs = Long.MIN_VALUE;
        private long notAfterEpochNs = Long.MAX_VALUE;
    }

    private final Path svids;
    private final String site;
    private final Map<SpiffeId, Entry> entries = new LinkedHashMap<>();

    private SvidRoster(final Path svids, final String site)
    {
        this.svids = svids;
        this.site = site;
    }

    /**
     * Read a roster.
     *
     * @param site        name, a segment of the SPIFFE IDs.
     * @param trustDomain which all of them must be of.
     * @param bundle      PEM file of the trust domain's authorities.
     * @param svids       PEM file of certificates.
     * @param nowEpochNs  wall clock.
     * @return the roster, without version; nodes by id, operators by name.
     * @throws DocumentException when a certificate is none, breaks the standard, or no authority vouches for it.
     */
    public static Roster read(
        final String site, final String trustDomain, final Path bundle, final Path svids, final long nowEpochNs)
        throws DocumentException
    {
        final Set<TrustAnchor> anchors = new HashSet<>();
        for (final X509Certificate authority : certificates(bundle))
        {
            if (authority.getBasicConstraints() < 0)
            {
                throw new DocumentException(
                    bundle, 0, "\"" + authority.getSubjectX500Principal() + "\" is no authority: CA is not set");
            }
            anchors.add(new TrustAnchor(authority, null));
        }
        final List<X509Certificate> all = certificates(svids);
        final SvidRoster reader = new SvidRoster(svids, site);
        for (final X509Certificate certificate : all)
        {
            if (certificate.getBasicConstraints() < 0)
            {
                reader.add(certificate, trustDomain, anchors, all, nowEpochNs);
            }
        }
        return reader.roster();
    }

    private static List<X509Certificate> certificates(final Path file) throws DocumentException
    {
        final byte[] pem = DocumentText.read(file, LENGTH_MAX).getBytes(StandardCharsets.US_ASCII);
        try
        {
            final List<X509Certificate> result = new ArrayList<>();
            for (final Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)))
            {
                result.add((X509Certificate)certificate);
            }
            if (result.isEmpty())
            {
                throw new DocumentException(file, 0, "holds no certificate in PEM form");
            }
            return result;
        }
        catch (final CertificateException ex)
        {
            throw new DocumentException(file, 0, "not certificates in PEM form: " + ex.getMessage());
        }
    }

    private void add(
        final X509Certificate certificate,
        final String trustDomain,
        final Set<TrustAnchor> anchors,
        final List<X509Certificate> all,
        final long nowEpochNs) throws DocumentException
    {
        final SpiffeId id = spiffeId(certificate);
        if (!id.trustDomain().equals(trustDomain))
        {
            throw new DocumentException(svids, 0, id + " is not of the trust domain " + trustDomain);
        }
        if (!id.path().startsWith("/aswarm/" + site + "/"))
        {
            return;
        }
        checkUse(certificate, id);
        checkPath(certificate, id, anchors, all, nowEpochNs);

        final Entry entry = entries.computeIfAbsent(id, (each) -> new Entry());
        final byte[] info = keyInfo(certificate);
        final boolean isMlDsa = info.length == ML_DSA_PREFIX.length + MlDsa65.PUBLIC_KEY_LENGTH &&
            Arrays.equals(ML_DSA_PREFIX, 0, ML_DSA_PREFIX.length, info, 0, ML_DSA_PREFIX.length);
        final PublicKey classical = isMlDsa ? null : PublicKey.fromSubjectPublicKeyInfo(info);
        if (!isMlDsa && null == classical)
        {
            throw new DocumentException(svids, 0, id + " has a key of " + certificate.getPublicKey().getAlgorithm() +
                "; allowed: Ed25519, P-256, ML-DSA-65");
        }
        if (isMlDsa ? null != entry.mlDsa : null != entry.classical)
        {
            throw new DocumentException(svids, 0, id + " has two certificates of one kind");
        }
        entry.classical = isMlDsa ? entry.classical : classical;
        entry.mlDsa = isMlDsa ? Arrays.copyOfRange(info, ML_DSA_PREFIX.length, info.length) : entry.mlDsa;
        entry.notBeforeEpochNs = Math.max(entry.notBeforeEpochNs, epochNs(certificate.getNotBefore()));
        entry.notAfterEpochNs = Math.min(entry.notAfterEpochNs, epochNs(certificate.getNotAfter()));
    }

    /** As it stands in the certificate: the JDK would write parameters into algorithms that it does not know. */
    private byte[] keyInfo(final X509Certificate certificate) throws DocumentException
    {
        try
        {
            return TBSCertificate.getInstance(certificate.getTBSCertificate()).getSubjectPublicKeyInfo().getEncoded();
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw new DocumentException(svids, 0, "a certificate cannot be written: " + ex.getMessage());
        }
    }

    private SpiffeId spiffeId(final X509Certificate certificate) throws DocumentException
    {
        try
        {
            final List<String> uris = new ArrayList<>();
            final Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (final List<?> name : null == names ? List.<List<?>>of() : names)
            {
                if (Integer.valueOf(URI_NAME).equals(name.get(0)))
                {
                    uris.add((String)name.get(1));
                }
            }
            if (1 != uris.size())
            {
                throw new DocumentException(svids, 0, "\"" + certificate.getSubjectX500Principal() + "\" has " +
                    uris.size() + " URI names; an X.509-SVID has one");
            }
            return SpiffeId.parse(uris.get(0));
        }
        catch (final CertificateParsingException | IllegalArgumentException ex)
        {
            throw new DocumentException(
                svids, 0, "\"" + certificate.getSubjectX500Principal() + "\": " + ex.getMessage());
        }
    }

    private void checkUse(final X509Certificate certificate, final SpiffeId id) throws DocumentException
    {
        final boolean[] use = certificate.getKeyUsage();
        if (null == use || !use[DIGITAL_SIGNATURE] || use[KEY_CERT_SIGN] || use[CRL_SIGN])
        {
            throw new DocumentException(
                svids, 0, id + ": its key usage must be digitalSignature, and not to sign certificates");
        }
    }

    private void checkPath(
        final X509Certificate certificate,
        final SpiffeId id,
        final Set<TrustAnchor> anchors,
        final List<X509Certificate> all,
        final long nowEpochNs) throws DocumentException
    {
        try
        {
            final X509CertSelector target = new X509CertSelector();
            target.setCertificate(certificate);
            final PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(all)));
            parameters.setRevocationEnabled(false);
            // one that is over or not yet begun is listed with its time, if it was rightly issued
            final Date now = new Date(nowEpochNs / 1_000_000L);
            final boolean isNow = !now.before(certificate.getNotBefore()) && !now.after(certificate.getNotAfter());
            parameters.setDate(isNow ? now : certificate.getNotBefore());
            CertPathBuilder.getInstance("PKIX").build(parameters);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new DocumentException(svids, 0, "no authority of the bundle vouches for " + id + ": " +
                ex.getMessage());
        }
    }

    private Roster roster() throws DocumentException
    {
        final List<Roster.Node> nodes = new ArrayList<>();
        final List<Roster.Operator> operators = new ArrayList<>();
        final Set<PublicKey> used = new HashSet<>();
        for (final Map.Entry<SpiffeId, Entry> each : entries.entrySet())
        {
            final SpiffeId id = each.getKey();
            final Entry entry = each.getValue();
            if (null == entry.classical || !used.add(entry.classical))
            {
                throw new DocumentException(svids, 0, id + (null == entry.classical ?
                    " has a certificate of ML-DSA-65 only" : " has the key of another"));
            }
            final HybridPublicKey identity = null == entry.mlDsa ?
                HybridPublicKey.of(entry.classical) : HybridPublicKey.of(entry.classical, entry.mlDsa);
            final Validity validity = new Validity(entry.notBeforeEpochNs, entry.notAfterEpochNs);
            final String[] segments = id.path().substring(("/aswarm/" + site + "/").length()).split("/");
            if (2 == segments.length && "node".equals(segments[0]))
            {
                nodes.add(new Roster.Node(nodeId(id, segments[1]), "node-" + segments[1], identity, id, validity));
            }
            else if (2 == segments.length && "operator".equals(segments[0]))
            {
                operators.add(new Roster.Operator(segments[1], identity, validity));
            }
            else
            {
                throw new DocumentException(svids, 0, id + " is neither …/node/ID nor …/operator/NAME");
            }
        }
        if (nodes.isEmpty() || nodes.size() > Roster.NODES_MAX)
        {
            throw new DocumentException(svids, 0, "names " + nodes.size() + " nodes of site \"" + site +
                "\"; allowed: 1 to " + Roster.NODES_MAX);
        }
        nodes.sort(Comparator.comparingInt(Roster.Node::id));
        operators.sort(Comparator.comparing(Roster.Operator::name));
        return new Roster(site, nodes, operators);
    }

    private int nodeId(final SpiffeId id, final String segment) throws DocumentException
    {
        if (segment.matches("[1-9][0-9]{0,4}") && Integer.parseInt(segment) <= NODE_ID_MAX)
        {
            return Integer.parseInt(segment);
        }
        throw new DocumentException(svids, 0, id + ": the last segment of a node must be a number from 1 to " +
            NODE_ID_MAX);
    }

    private static long epochNs(final Date date)
    {
        final long milliseconds = date.getTime();
        return milliseconds >= Long.MAX_VALUE / 1_000_000L ? Long.MAX_VALUE : milliseconds * 1_000_000L;
    }
}
