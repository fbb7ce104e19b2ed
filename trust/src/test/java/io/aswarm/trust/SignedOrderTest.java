package io.aswarm.trust;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SignedOrderTest
{
    private static final long NOW_NS = 1_800_000_000_000_000_000L;
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final String ID = "00112233445566778899aabbccddeeff";

    private final HybridSigner alice = HybridSignerTest.signer(11);
    private final HybridSigner bob = HybridSigner.of(HybridSignerTest.signer(12).classical());
    private final HybridSigner mallory = HybridSignerTest.signer(13);
    private final Roster roster = new Roster("lab",
        List.of(new Roster.Node(1, "g1", HybridSignerTest.signer(1).publicKey())),
        List.of(operator("alice", alice), operator("bob", bob)));
    private final OrderBook book = new OrderBook();

    @Test
    void shouldHoldFromTwoOperatorsUntilItsEnd()
    {
        assertFalse(book.isSuspended(NOW_NS));
        assertEquals(OrderVerdict.ACCEPTED, book.accept(signed(suspend(NOW_NS)), roster, NOW_NS));
        assertTrue(book.isSuspended(NOW_NS));
        assertTrue(book.isSuspended(NOW_NS + HOUR_NS - 1));
        assertFalse(book.isSuspended(NOW_NS + HOUR_NS));
        assertNull(book.standing(NOW_NS + HOUR_NS));
    }

    @Test
    void shouldBeIdempotentAndReplayProof()
    {
        final SignedOrder suspend = signed(suspend(NOW_NS));
        book.accept(suspend, roster, NOW_NS);
        assertEquals(OrderVerdict.REPEATED, book.accept(suspend, roster, NOW_NS + 1));

        final SignedOrder resume = signed(order(SignedOrder.Action.RESUME, ID, NOW_NS + 2));
        assertEquals(OrderVerdict.ACCEPTED, book.accept(resume, roster, NOW_NS + 2));
        assertFalse(book.isSuspended(NOW_NS + 2));
        assertEquals(OrderVerdict.SUPERSEDED, book.accept(
            signed(order(SignedOrder.Action.SUSPEND, "f".repeat(32), NOW_NS + 1)), roster, NOW_NS + 3));
        assertFalse(book.isSuspended(NOW_NS + 3));
        assertEquals(resume.id(), book.standing(NOW_NS + 3).id());
        assertTrue(resume.untilEpochNs() >= suspend.untilEpochNs(), "a resume outlives what it undoes");
    }

    @Test
    void shouldSettleOrdersOfOneInstantInTheSameWayOnEachNode()
    {
        final SignedOrder low = signed(order(SignedOrder.Action.SUSPEND, "0".repeat(32), NOW_NS));
        final SignedOrder high = signed(order(SignedOrder.Action.RESUME, "f".repeat(32), NOW_NS));
        final OrderBook other = new OrderBook();
        book.accept(low, roster, NOW_NS);
        book.accept(high, roster, NOW_NS);
        other.accept(high, roster, NOW_NS);
        assertEquals(OrderVerdict.SUPERSEDED, other.accept(low, roster, NOW_NS));
        assertEquals(book.standing(NOW_NS).id(), other.standing(NOW_NS).id());
    }

    @Test
    void shouldGiveEachFaultItsReason()
    {
        final SignedOrder draft = suspend(NOW_NS);
        assertVerdict(OrderVerdict.TOO_FEW_SIGNERS, draft);
        assertVerdict(OrderVerdict.TOO_FEW_SIGNERS, draft.sign("alice", alice));
        assertVerdict(OrderVerdict.TOO_FEW_SIGNERS, draft.sign("alice", alice).sign("alice", bob));
        assertVerdict(OrderVerdict.UNKNOWN_SIGNER, draft.sign("alice", alice).sign("mallory", mallory));
        assertVerdict(OrderVerdict.BAD_SIGNATURE, draft.sign("alice", alice).sign("bob", mallory));
        assertVerdict(OrderVerdict.BAD_SIGNATURE, draft.sign("alice", bob).sign("bob", alice));
        assertVerdict(OrderVerdict.BAD_SIGNATURE,
            draft.sign("alice", HybridSigner.of(alice.classical())).sign("bob", bob), "one half is not enough");
        assertVerdict(OrderVerdict.OTHER_SITE, signed(SignedOrder.draft(
            "else", SignedOrder.Action.SUSPEND, "drill", ID, NOW_NS, HOUR_NS)));
        assertVerdict(OrderVerdict.EXPIRED, signed(suspend(NOW_NS - HOUR_NS)));
        assertVerdict(OrderVerdict.ACCEPTED, signed(suspend(NOW_NS - HOUR_NS + 1)));
        assertVerdict(OrderVerdict.ACCEPTED, signed(suspend(NOW_NS + OrderBook.CLOCK_ERROR_NS)));
        assertVerdict(OrderVerdict.NOT_YET, signed(suspend(NOW_NS + OrderBook.CLOCK_ERROR_NS + 1)));
        assertEquals(OrderVerdict.MALFORMED, book.accept(null, roster, NOW_NS));
        assertNull(new OrderBook().standing(NOW_NS));
    }

    @Test
    void shouldCountOneOperatorOfTwoNamesOnce()
    {
        final Roster twoNames = new Roster("lab", roster.nodes(), List.of(
            operator("alice", alice), operator("alicia", alice)));
        assertEquals(OrderVerdict.SIGNED_TWICE, new OrderBook().accept(
            suspend(NOW_NS).sign("alice", alice).sign("alicia", alice), twoNames, NOW_NS));
    }

    @Test
    void shouldComeBackFromBothForms() throws DocumentException
    {
        final SignedOrder order = signed(suspend(NOW_NS));
        final byte[] wire = order.toBytes();
        assertTrue(wire.length <= SignedOrder.LENGTH_MAX, () -> wire.length + " bytes");
        final SignedOrder fromWire = SignedOrder.fromBytes(wire, 0, wire.length);
        assertVerdict(OrderVerdict.ACCEPTED, fromWire);
        assertArrayEquals(wire, fromWire.toBytes());
        final String json = new String(order.toJson(), StandardCharsets.UTF_8);
        final SignedOrder fromJson = SignedOrder.parse("order.json", json);
        assertVerdict(OrderVerdict.ACCEPTED, fromJson);
        assertArrayEquals(order.toJson(), fromJson.toJson());
        assertEquals(List.of("alice", "bob"), fromJson.signers());
        assertEquals("drill", fromJson.reason());
    }

    @Test
    void shouldFitTheWireWithTwoIdentitiesOfTwoHalves()
    {
        final int length = SignedOrder.draft(
            "s".repeat(200), SignedOrder.Action.SUSPEND, "r".repeat(300), ID, NOW_NS, HOUR_NS)
            .sign("a".repeat(127), alice).sign("b".repeat(127), mallory).toBytes().length;
        assertTrue(length <= SignedOrder.LENGTH_MAX, () -> length + " bytes");
    }

    @Test
    void shouldRefuseEveryTruncatedAndEveryChangedByte()
    {
        final byte[] wire = signed(suspend(NOW_NS)).toBytes();
        for (int length = 0; length < wire.length; length += 1 + length / 300 * 97)
        {
            assertNull(SignedOrder.fromBytes(wire, 0, length), "cut to " + length);
        }
        final Random random = new Random(1);
        for (int i = 0; i < 600; i++)
        {
            final byte[] changed = wire.clone();
            changed[i < 300 ? i : random.nextInt(wire.length)] ^= (byte)(1 << random.nextInt(8));
            final SignedOrder order = SignedOrder.fromBytes(changed, 0, changed.length);
            assertFalse(null != order && OrderVerdict.ACCEPTED == new OrderBook().accept(order, roster, NOW_NS),
                "change " + i);
        }
        assertNull(SignedOrder.fromBytes(Arrays.copyOf(wire, wire.length + 1), 0, wire.length + 1));
    }

    @Test
    void shouldRefuseAnOrderThatIsNotCanonical()
    {
        final byte[] wire = signed(suspend(NOW_NS)).toBytes();
        final int length = (wire[0] & 0xFF) << 8 | (wire[1] & 0xFF);
        final byte[] spaced = new byte[wire.length + 1];
        spaced[0] = (byte)((length + 1) >> 8);
        spaced[1] = (byte)(length + 1);
        System.arraycopy(wire, 2, spaced, 2, length);
        spaced[2 + length] = ' ';
        System.arraycopy(wire, 2 + length, spaced, 3 + length, wire.length - 2 - length);
        assertNull(SignedOrder.fromBytes(spaced, 0, spaced.length));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"action\":\"suspend\"|\"action\":\"SUSPEND\"", "\"action\":\"suspend\"|\"action\":\"stop\"",
        "\"id\":\"00|\"id\":\"0", "aswarm/order/v1|aswarm/order/v2", "\"reason\":\"drill\"|\"reason\":5",
        "\"reason\":\"drill\"|\"reason\":\"\\ud800\"",
        "\"reason\":\"drill\"|\"more\":\"\",\"reason\":\"drill\"", "\"issued_epoch_ns\":\"1|\"issued_epoch_ns\":\"-1",
        "\"issued_epoch_ns\":\"1|\"issued_epoch_ns\":\"9", "\"issued_epoch_ns\":\"1|\"issued_epoch_ns\":\"01",
        "\"signatures\"|\"signature\"", "\"signature\":\"|\"signature\":\"!", "\"until_epoch_ns\"|\"until\""})
    void shouldRefuseAnotherForm(final String part, final String replacement)
    {
        final String json = new String(signed(suspend(NOW_NS)).toJson(), StandardCharsets.UTF_8);
        assertTrue(json.contains(part), part);
        assertThrows(DocumentException.class, () -> SignedOrder.parse("order.json", json.replace(part, replacement)));
    }

    @Test
    void shouldRefuseToDraftWhatNobodyWouldAccept()
    {
        assertThrows(IllegalArgumentException.class, () -> SignedOrder.draft(
            "lab", SignedOrder.Action.SUSPEND, "", ID, NOW_NS, SignedOrder.LIFE_MAX_NS + 1));
        assertThrows(IllegalArgumentException.class, () -> SignedOrder.draft(
            "lab", SignedOrder.Action.SUSPEND, "", ID, NOW_NS, 999_999_999L));
        assertThrows(IllegalArgumentException.class, () -> SignedOrder.draft(
            "lab", SignedOrder.Action.SUSPEND, "r".repeat(601), ID, NOW_NS, HOUR_NS));
        assertThrows(IllegalArgumentException.class, () -> SignedOrder.draft(
            "lab", SignedOrder.Action.SUSPEND, "\ud800", ID, NOW_NS, HOUR_NS));
        assertThrows(IllegalArgumentException.class, () -> SignedOrder.draft(
            "lab", SignedOrder.Action.SUSPEND, "", "1", NOW_NS, HOUR_NS));
        assertNotNull(suspend(NOW_NS));
    }

    @Test
    void shouldRefuseAnOperatorWhoseTimeIsOver()
    {
        final Roster limited = new Roster("lab", roster.nodes(), List.of(operator("alice", alice),
            new Roster.Operator("bob", bob.publicKey(), new Validity(NOW_NS - 1, NOW_NS))));
        assertEquals(OrderVerdict.SIGNER_EXPIRED,
            new OrderBook().accept(signed(suspend(NOW_NS)), limited, NOW_NS));
        assertEquals(OrderVerdict.ACCEPTED,
            new OrderBook().accept(signed(suspend(NOW_NS)), limited, NOW_NS - 1));
    }

    private static Roster.Operator operator(final String name, final HybridSigner signer)
    {
        return new Roster.Operator(name, signer.publicKey(), Validity.ALWAYS);
    }

    private SignedOrder signed(final SignedOrder draft)
    {
        return draft.sign("alice", alice).sign("bob", bob);
    }

    private static SignedOrder suspend(final long issuedEpochNs)
    {
        return order(SignedOrder.Action.SUSPEND, ID, issuedEpochNs);
    }

    private static SignedOrder order(final SignedOrder.Action action, final String id, final long issuedEpochNs)
    {
        return SignedOrder.draft("lab", action, "drill", id, issuedEpochNs, HOUR_NS);
    }

    private void assertVerdict(final OrderVerdict expected, final SignedOrder order)
    {
        assertVerdict(expected, order, order.toString());
    }

    private void assertVerdict(final OrderVerdict expected, final SignedOrder order, final String why)
    {
        final OrderBook fresh = new OrderBook();
        assertEquals(expected, fresh.accept(order, roster, NOW_NS), why);
        assertEquals(OrderVerdict.ACCEPTED == expected, null != fresh.standing(NOW_NS), why);
    }
}
