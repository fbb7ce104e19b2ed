package io.aswarm.trust;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An order of the operators to the whole site: suspend enforcement, or resume it. Two distinct operators sign the
 * canonical JSON (RFC 8785) of
 * <pre>
 * {"type": "aswarm/order/v1", "site": TEXT, "action": "suspend" or "resume", "id": 32 hexadecimal digits,
 *  "issued_epoch_ns": "INTEGER", "until_epoch_ns": "INTEGER", "reason": TEXT}
 * </pre>
 * each with all halves of the identity. An order is in force from its issue until its end or until a later one;
 * afterwards it is as if it had not been given, like every act here. A resume lives as long as any order can, so that a
 * suspend from before it never outlives it. {@link OrderBook} keeps the one in force. Immutable.
 */
public final class SignedOrder
{
    /** Distinct operators who must sign. */
    public static final int SIGNERS_MIN = 2;
    /** Longest life of an order: 30 days. */
    public static final long LIFE_MAX_NS = 30L * 24 * 3600 * 1_000_000_000L;
    /** Longest form on the wire in bytes: fits the greatest Aeron message of a 64 KiB term. */
    public static final int LENGTH_MAX = 8_000;

    static final String CONTEXT = "aswarm/order/v1";
    private static final int SIGNATURES_MAX = 8;
    private static final int FILE_LENGTH_MAX = 64 * 1024;

    /**
     * What is ordered.
     */
    public enum Action
    {
        /** No act is begun, and none stays in force. */
        SUSPEND,
        /** As before the suspension. */
        RESUME;

        /**
         * Name in documents.
         *
         * @return a lower case word.
         */
        public String label()
        {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final byte[] statement;
    private final String site;
    private final Action action;
    private final String id;
    private final long issuedEpochNs;
    private final long untilEpochNs;
    private final String reason;
    private final Map<String, byte[]> signatures;
    private final boolean isSignedTwice;

    private SignedOrder(final JsonNode order, final Map<String, byte[]> signatures, final boolean isSignedTwice)
    {
        this.statement = CanonicalJson.bytes(order);
        this.site = order.get("site").textValue();
        this.action = Action.valueOf(order.get("action").textValue().toUpperCase(Locale.ROOT));
        this.id = order.get("id").textValue();
        this.issuedEpochNs = Long.parseLong(order.get("issued_epoch_ns").textValue());
        this.untilEpochNs = Long.parseLong(order.get("until_epoch_ns").textValue());
        this.reason = order.get("reason").textValue();
        this.signatures = signatures;
        this.isSignedTwice = isSignedTwice;
    }

    /**
     * An order to be signed.
     *
     * @param site          name.
     * @param action        ordered.
     * @param reason        for the record, some 400 characters.
     * @param id            32 hexadecimal digits drawn at random.
     * @param issuedEpochNs now.
     * @param lifeNs        of a suspend, 1 s to 30 days; a resume has the longest whatever is given.
     * @return the order without signatures.
     * @throws IllegalArgumentException when one of these is out of bounds.
     */
    public static SignedOrder draft(
        final String site,
        final Action action,
        final String reason,
        final String id,
        final long issuedEpochNs,
        final long lifeNs)
    {
        final long life = Action.RESUME == action ? LIFE_MAX_NS : lifeNs;
        final JsonNode order = CanonicalJson.tree(Map.of(
            "type", CONTEXT, "site", site, "action", action.label(), "reason", reason, "id", id,
            "issued_epoch_ns", String.valueOf(issuedEpochNs), "until_epoch_ns", String.valueOf(issuedEpochNs + life)));
        final String fault = life < 1_000_000_000L ? "a life below 1 s" : OrderForm.fault(order);
        if (null != fault)
        {
            throw new IllegalArgumentException("not an order: " + fault);
        }
        return new SignedOrder(order, new TreeMap<>(), false);
    }

    /**
     * The same order with one more signature.
     *
     * @param operator name as in the roster.
     * @param signer   with that operator's identity.
     * @return a new order; a signature of the same name is replaced.
     */
    public SignedOrder sign(final String operator, final HybridSigner signer)
    {
        final Map<String, byte[]> more = new TreeMap<>(signatures);
        more.put(operator, signer.sign(CONTEXT, statement));
        return new SignedOrder(CanonicalJson.tree(statement), more, false);
    }

    /**
     * Read an order from a file of JSON: {@code {"order": {…}, "signatures": [{"signer": NAME, "signature": BASE64}]}}.
     *
     * @param file to read.
     * @return the order, not yet verified.
     * @throws DocumentException when it is unreadable or has another form.
     */
    public static SignedOrder read(final Path file) throws DocumentException
    {
        return parse(file, DocumentText.read(file, FILE_LENGTH_MAX));
    }

    /**
     * Parse the JSON form.
     *
     * @param source name used in messages.
     * @param text   of the document.
     * @return the order, not yet verified.
     * @throws DocumentException when it has another form.
     */
    public static SignedOrder parse(final Object source, final String text) throws DocumentException
    {
        final JsonNode root = CanonicalJson.parse(source, text);
        final JsonNode order = root.path("order");
        final String fault = OrderForm.fault(order);
        if (null != fault || !root.path("signatures").isArray() || root.size() != 2)
        {
            throw new DocumentException(source, 0, "not an order with signatures: " +
                (null != fault ? fault : "\"order\" and a list of \"signatures\" are expected, and nothing else"));
        }
        final Map<String, byte[]> signatures = new TreeMap<>();
        boolean isTwice = false;
        for (final JsonNode entry : root.get("signatures"))
        {
            try
            {
                final byte[] bytes = Base64.getDecoder().decode(entry.path("signature").asText());
                isTwice |= null != signatures.put(entry.path("signer").asText(), bytes);
            }
            catch (final IllegalArgumentException ex)
            {
                throw new DocumentException(source, 0, "a \"signature\" is not base64");
            }
        }
        return new SignedOrder(order, signatures, isTwice);
    }

    /**
     * The JSON form, canonical.
     *
     * @return UTF-8 bytes.
     */
    public byte[] toJson()
    {
        final List<Map<String, String>> entries = new ArrayList<>();
        signatures.forEach((signer, bytes) -> entries.add(
            Map.of("signer", signer, "signature", Base64.getEncoder().encodeToString(bytes))));
        return CanonicalJson.bytes(Map.of("order", CanonicalJson.tree(statement), "signatures", entries));
    }

    /**
     * The form on the wire.
     *
     * @return bytes, at most {@link #LENGTH_MAX} with two signatures of two halves.
     */
    public byte[] toBytes()
    {
        return OrderDescriptor.encode(statement, signatures);
    }

    /**
     * The order in these bytes. Any bytes may be given; none make it throw.
     *
     * @param bytes  received.
     * @param offset of the first.
     * @param length in bytes.
     * @return the order, not yet verified, or null when they have another form.
     */
    public static SignedOrder fromBytes(final byte[] bytes, final int offset, final int length)
    {
        final OrderDescriptor.Parts parts = length > LENGTH_MAX ? null : OrderDescriptor.decode(bytes, offset, length);
        if (null == parts)
        {
            return null;
        }
        try
        {
            final JsonNode order =
                CanonicalJson.parse("order", new String(parts.statement(), StandardCharsets.UTF_8));
            return null != OrderForm.fault(order) || !Arrays.equals(parts.statement(), CanonicalJson.bytes(order)) ?
                null : new SignedOrder(order, parts.signatures(), parts.isSignedTwice());
        }
        catch (final DocumentException | IllegalArgumentException ignore)
        {
            return null;
        }
    }

    /**
     * Is it given by two operators of the site, and is this its time?
     *
     * @param roster       of the site.
     * @param nowEpochNs   wall clock.
     * @param clockErrorNs by which an operator's clock may be ahead.
     * @return ACCEPTED, or what is wrong; never REPEATED or SUPERSEDED.
     */
    public OrderVerdict verify(final Roster roster, final long nowEpochNs, final long clockErrorNs)
    {
        if (!site.equals(roster.site()))
        {
            return OrderVerdict.OTHER_SITE;
        }
        if (issuedEpochNs - clockErrorNs > nowEpochNs)
        {
            return OrderVerdict.NOT_YET;
        }
        if (untilEpochNs <= nowEpochNs)
        {
            return OrderVerdict.EXPIRED;
        }
        if (isSignedTwice)
        {
            return OrderVerdict.SIGNED_TWICE;
        }
        if (signatures.size() < SIGNERS_MIN)
        {
            return OrderVerdict.TOO_FEW_SIGNERS;
        }
        if (signatures.size() > SIGNATURES_MAX)
        {
            return OrderVerdict.MALFORMED;
        }

        final Set<PublicKey> signers = new HashSet<>();
        for (final Map.Entry<String, byte[]> entry : signatures.entrySet())
        {
            final Roster.Operator operator = roster.operator(entry.getKey());
            if (null == operator)
            {
                return OrderVerdict.UNKNOWN_SIGNER;
            }
            if (!operator.validity().includes(nowEpochNs))
            {
                return OrderVerdict.SIGNER_EXPIRED;
            }
            if (!operator.identity().verify(CONTEXT, statement, entry.getValue()))
            {
                return OrderVerdict.BAD_SIGNATURE;
            }
            signers.add(operator.publicKey());
        }
        return signers.size() < SIGNERS_MIN ? OrderVerdict.SIGNED_TWICE : OrderVerdict.ACCEPTED;
    }

    /**
     * Was it issued after another? Of two of the same nanosecond the one of the greater id is the later.
     *
     * @param other order.
     * @return true if this one replaces the other.
     */
    public boolean isAfter(final SignedOrder other)
    {
        return issuedEpochNs != other.issuedEpochNs ? issuedEpochNs > other.issuedEpochNs : id.compareTo(other.id) > 0;
    }

    /**
     * What is ordered.
     *
     * @return the action.
     */
    public Action action()
    {
        return action;
    }

    /**
     * The site it is given for.
     *
     * @return its name.
     */
    public String site()
    {
        return site;
    }

    /**
     * The order's number.
     *
     * @return 32 hexadecimal digits.
     */
    public String id()
    {
        return id;
    }

    /**
     * When it was issued; of two orders the later one holds.
     *
     * @return wall clock of the operators.
     */
    public long issuedEpochNs()
    {
        return issuedEpochNs;
    }

    /**
     * Its end.
     *
     * @return wall clock.
     */
    public long untilEpochNs()
    {
        return untilEpochNs;
    }

    /**
     * Why it was given, for the record.
     *
     * @return text of the operators.
     */
    public String reason()
    {
        return reason;
    }

    /**
     * Who signed, by their word.
     *
     * @return names in alphabetical order.
     */
    public List<String> signers()
    {
        return List.copyOf(signatures.keySet());
    }

    @Override
    public String toString()
    {
        return action.label() + " " + id + " of " + site + " by " + String.join(", ", signatures.keySet());
    }
}
