package io.aswarm.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.journal.CertificateBuilder.Anchor;
import io.aswarm.journal.CertificateBuilder.Draft;
import io.aswarm.journal.CertificateBuilder.Link;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.Signer;

import java.util.function.Consumer;

/** Makes single certificates for tests, also ones that lie but are signed. */
final class Sealed
{
    private final Signer signer;
    private final CertificateBuilder builder;

    Sealed(final Signer signer)
    {
        this.signer = signer;
        this.builder = new CertificateBuilder("lab", "gateway-1", 1, signer.publicKey());
    }

    byte[] containment(final long sequence, final String previousSha256, final Deed deed, final Finding finding)
    {
        return sealed(statement(sequence, previousSha256, deed, finding));
    }

    /** A containment as it should be. */
    byte[] sound()
    {
        return containment(1, EntryDescriptor.NO_PREVIOUS, Samples.effective(99, 7), Samples.finding(7));
    }

    /** A containment whose statement was changed before it was signed. */
    byte[] changed(final Consumer<ObjectNode> change)
    {
        final ObjectNode statement = statement(
            1, EntryDescriptor.NO_PREVIOUS, Samples.effective(99, 7), Samples.finding(7));
        change.accept(statement);
        return sealed(statement);
    }

    /** A containment whose predicate was changed before it was signed, its subjects adjusted. */
    byte[] changedPredicate(final Consumer<ObjectNode> change)
    {
        return changed((statement) ->
        {
            final ObjectNode predicate = (ObjectNode)statement.get("predicate");
            change.accept(predicate);
            ((ObjectNode)statement.get("subject").get(0).get("digest"))
                .put("sha256", CanonicalJson.sha256(predicate.get("action")));
            ((ObjectNode)statement.get("subject").get(1).get("digest"))
                .put("sha256", CanonicalJson.sha256(predicate.path("outcome").path("probes")));
        });
    }

    ObjectNode statement(final long sequence, final String previousSha256, final Deed deed, final Finding finding)
    {
        return builder.statement(new Draft(CertificateKind.of(deed.kind()), deed, finding, null,
            new Link(sequence, previousSha256), new Anchor(Samples.NOW_NS, Samples.EPOCH_NS),
            ClockStatement.UNMEASURED));
    }

    byte[] sealed(final ObjectNode statement)
    {
        return Envelope.seal(CanonicalJson.bytes(statement), signer);
    }
}
