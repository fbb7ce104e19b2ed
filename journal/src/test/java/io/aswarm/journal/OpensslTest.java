package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.ebpf.Requirement;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.Signer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An envelope must verify with a tool that is not ours. */
class OpensslTest
{
    @TempDir
    Path directory;

    @Test
    void shouldVerifyWithOpensslOverThePreAuthenticationEncoding() throws Exception
    {
        Requirement.tool("openssl", "openssl");
        final Signer signer = Samples.signer(directory, "gateway-1");
        final byte[] envelope = new Sealed(signer).sound();

        final JsonNode outer = CanonicalJson.parse("envelope", new String(envelope, StandardCharsets.UTF_8));
        final String body = new String(
            Base64.getDecoder().decode(outer.get("payload").textValue()), StandardCharsets.UTF_8);
        final String type = outer.get("payloadType").textValue();
        final String message = "DSSEv1 " + type.length() + " " + type + " " +
            body.getBytes(StandardCharsets.UTF_8).length + " " + body;
        Files.writeString(directory.resolve("message"), message);
        Files.write(directory.resolve("sig"),
            Base64.getDecoder().decode(outer.at("/signatures/0/sig").textValue()));
        Files.writeString(directory.resolve("key.pem"), signer.publicKey().toPem());

        assertEquals(0, openssl("message"));
        Files.writeString(directory.resolve("changed"), message.replace("quarantine", "quarantina"));
        assertNotEquals(0, openssl("changed"));
    }

    private int openssl(final String message) throws Exception
    {
        final Process process = new ProcessBuilder("/usr/bin/openssl", "pkeyutl", "-verify", "-pubin",
            "-inkey", "key.pem", "-rawin", "-in", message, "-sigfile", "sig")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "openssl does not end");
        return process.exitValue();
    }
}
