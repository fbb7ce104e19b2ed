package io.aswarm.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.aswarm.trust.CanonicalJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Every kind of certificate must be a superset of the published schema. */
class CertificateSchemaTest
{
    @TempDir
    Path directory;

    @Test
    void shouldSatisfyThePublishedSchema() throws Exception
    {
        final JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(Files.readString(Samples.vectors("a-swarm/action_certificate.schema.json")));
        final Sealed sealed = new Sealed(Samples.signer(directory, "gateway-1"));
        final List<Deed> deeds = List.of(Samples.effective(1, 7), Samples.reverted(1, 7),
            Samples.deed("FAILED", 1, 7, 0, 0), Samples.deed("REFUSED", 1, 7, 0, 0),
            Samples.deed("ADOPTED", 1, 0, 0, 0), Samples.order("HALTED", 2), Samples.order("RESUMED", 3));
        for (final Deed deed : deeds)
        {
            final ObjectNode statement = sealed.statement(1, EntryDescriptor.NO_PREVIOUS, deed,
                0 == deed.elevationId() ? null : Samples.finding(7));
            // As it is read back: the canonical form is what counts.
            assertEquals(Set.of(), schema.validate(CanonicalJson.parse("certificate", new String(
                CanonicalJson.bytes(statement.get("predicate")), java.nio.charset.StandardCharsets.UTF_8))),
                deed::kind);
            ((ObjectNode)statement.get("predicate")).remove("policy");
            assertFalse(schema.validate(statement.get("predicate")).isEmpty(), "the schema is really asked");
        }
    }
}
