package io.aswarm.trust;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DetachedSignatureTest
{
    private static final String CONTEXT = "aswarm/catalog/v1";
    private static final byte[] BYTES = "policies: []\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;
    private Path file;
    private final Signer alice = signer(1);
    private final List<Roster.Operator> operators = List.of(
        new Roster.Operator("bob", signer(2).publicKey()), new Roster.Operator("alice", alice.publicKey()));

    @BeforeEach
    void sign() throws IOException
    {
        file = directory.resolve("catalog.sig");
        DetachedSignature.write(file, CONTEXT, BYTES, "alice", alice);
    }

    @Test
    void shouldVerifyWhatWasSigned() throws DocumentException
    {
        assertEquals("alice", DetachedSignature.verify(file, CONTEXT, BYTES, operators).name());
    }

    @Test
    void shouldRefuseTheSameBytesInAnotherContext()
    {
        assertRefused("does not verify", "aswarm/order/v1", BYTES);
        assertRefused("does not verify", "aswarm/catalog/v", ("1\0" + "policies: []\n").getBytes(
            StandardCharsets.US_ASCII));
        assertRefused("does not verify", "", BYTES);
    }

    @Test
    void shouldRefuseChangedBytes()
    {
        final byte[] changed = BYTES.clone();
        changed[3] ^= 1;
        assertRefused("does not verify", CONTEXT, changed);
        assertRefused("does not verify", CONTEXT, Arrays.copyOf(BYTES, BYTES.length + 1));
    }

    @Test
    void shouldRefuseASignatureWithATrailingZero() throws IOException
    {
        final byte[] message = (CONTEXT + "\0policies: []\n").getBytes(StandardCharsets.US_ASCII);
        final byte[] signature = alice.sign(message, 0, message.length).clone();
        write("alice", Base64.getEncoder().encodeToString(signature));
        assertAccepted();
        write("alice", Base64.getEncoder().encodeToString(Arrays.copyOf(signature, 65)));
        assertRefused("does not verify", CONTEXT, BYTES);
    }

    @Test
    void shouldRefuseUnknownSignersAndAnothersName() throws IOException
    {
        DetachedSignature.write(file, CONTEXT, BYTES, "mallory", alice);
        assertRefused("signer \"mallory\" is not an operator of the roster", CONTEXT, BYTES);
        DetachedSignature.write(file, CONTEXT, BYTES, "bob", alice);
        assertRefused("does not verify", CONTEXT, BYTES);
    }

    @Test
    void shouldSayWhatIsWrongWithABrokenFile() throws IOException
    {
        write("alice", "***");
        assertRefused("\"signature\" is not base64", CONTEXT, BYTES);
        Files.writeString(file, "{\"algorithm\":\"ed25519\"}");
        assertRefused("signer \"\" is not an operator", CONTEXT, BYTES);
        Files.writeString(file, "[");
        assertRefused("not well-formed JSON", CONTEXT, BYTES);
        Files.write(file, new byte[] {(byte)0xff, (byte)0xfe, 0});
        assertThrows(DocumentException.class, () -> DetachedSignature.verify(file, CONTEXT, BYTES, operators));
        Files.delete(file);
        assertRefused("no such file", CONTEXT, BYTES);
    }

    @Test
    void shouldRefuseAnotherAlgorithm() throws IOException
    {
        final String text = Files.readString(file).replace("ed25519", "none");
        Files.writeString(file, text);
        assertRefused("\"algorithm\" is \"none\"; allowed: ed25519", CONTEXT, BYTES);
    }

    private void write(final String name, final String signature) throws IOException
    {
        Files.writeString(file, "{\"signer\":\"" + name + "\",\"algorithm\":\"ed25519\",\"signature\":\"" +
            signature + "\"}");
    }

    private void assertAccepted()
    {
        assertDoesNotThrow(
            () -> DetachedSignature.verify(file, CONTEXT, BYTES, operators));
    }

    private void assertRefused(final String expected, final String context, final byte[] bytes)
    {
        final DocumentException refused = assertThrows(
            DocumentException.class, () -> DetachedSignature.verify(file, context, bytes, operators));
        assertTrue(refused.getMessage().startsWith(file + ": ") || refused.getMessage().startsWith(file + ":1: "),
            refused.getMessage());
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    private static Signer signer(final int number)
    {
        final byte[] seed = new byte[32];
        seed[31] = (byte)number;
        return new Signer(new Ed25519PrivateKeyParameters(seed, 0));
    }
}
