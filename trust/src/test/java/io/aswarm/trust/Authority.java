package io.aswarm.trust;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Date;

/** Issues certificates of P-256, also for tests of other modules. */
public final class Authority
{
    private final String name;
    private final KeyPair keys;
    private final String pem;
    private long serial = 1;

    private Authority(final String name, final Authority issuer) throws Exception
    {
        this.name = name;
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
        pem = (null == issuer ? this : issuer).issue(name, keys.getPublic().getEncoded(), true,
            KeyUsage.keyCertSign, new Date(0), new Date(4_000_000_000_000L));
    }

    public static Authority root(final String name) throws Exception
    {
        return new Authority(name, null);
    }

    Authority intermediate(final String itsName) throws Exception
    {
        return new Authority(itsName, this);
    }

    public String pem()
    {
        return pem;
    }

    /** The certificate of a node or operator, from and until these times. */
    public String svid(final String id, final PublicKey key, final Date notBefore, final Date notAfter)
        throws Exception
    {
        return issue("svid", Base64.getMimeDecoder().decode(key.toPem().replaceAll("-----.*-----", "")), false,
            KeyUsage.digitalSignature, notBefore, notAfter, id);
    }

    String issue(
        final String subject,
        final byte[] keyInfo,
        final boolean isAuthority,
        final int keyUsage,
        final Date notBefore,
        final Date notAfter,
        final String... uris) throws Exception
    {
        final AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        final ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        extensions.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
        if (uris.length > 0)
        {
            final GeneralName[] names = new GeneralName[uris.length];
            for (int i = 0; i < uris.length; i++)
            {
                names[i] = new GeneralName(GeneralName.uniformResourceIdentifier, uris[i]);
            }
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }

        final V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial++));
        generator.setIssuer(new X500Name("CN=" + name));
        generator.setSubject(new X500Name("CN=" + subject));
        generator.setStartDate(new Time(notBefore));
        generator.setEndDate(new Time(notAfter));
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(keyInfo));
        generator.setSignature(algorithm);
        generator.setExtensions(extensions.generate());
        final TBSCertificate certificate = generator.generateTBSCertificate();

        final Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(certificate.getEncoded());
        final ASN1EncodableVector all = new ASN1EncodableVector();
        for (final ASN1Encodable part : new ASN1Encodable[]{
            certificate, algorithm, new DERBitString(signature.sign())})
        {
            all.add(part);
        }
        return "-----BEGIN CERTIFICATE-----\n" +
            Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(new DERSequence(all).getEncoded()) +
            "\n-----END CERTIFICATE-----\n";
    }
}
