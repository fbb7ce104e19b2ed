package io.aswarm.trust;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class YamlTest
{
    @Test
    void shouldTakeEachTypeWithItsBounds() throws DocumentException
    {
        final YamlMapping root = Yaml.parse("n.yaml", """
            name: rack
            count: 1_000
            rate: 2.5e-3
            on: true
            wait: 250us
            list: [a, b]
            inner: {deep: 1}
            many:
              - {id: 1}
              - {id: 2}
            """);
        assertEquals("rack", root.string("name"));
        assertEquals("x", root.string("missing", "x"));
        assertEquals(1000, root.integer("count", null, 0, 1000));
        assertEquals(0.0025, root.number("rate", null, 0, 1));
        assertTrue(root.bool("on", false));
        assertEquals(250_000, root.durationNs("wait", null, 0, 1_000_000));
        assertEquals(List.of("a", "b"), root.strings("list"));
        assertEquals(1, root.mapping("inner").integer("deep", null, 0, 9));
        assertEquals(2, root.mappings("many").get(1).integer("id", null, 0, 9));
        root.finish();
    }

    @Test
    void shouldNameLineKeyAndWhatIsAllowed() throws DocumentException
    {
        final YamlMapping root = Yaml.parse("n.yaml", "a: 1\nb: x\nc: 99\nd: 5s\ne: maybe\nf: {g: 1}\n");
        assertMessage("n.yaml:2: \"b\" is \"x\"; allowed: a whole number from 0 to 9",
            () -> root.integer("b", null, 0, 9));
        assertMessage("n.yaml:3: \"c\" is \"99\"; allowed: a whole number from 0 to 9",
            () -> root.integer("c", null, 0, 9));
        assertMessage("n.yaml:2: \"b\" is \"x\"; allowed: a number from 0.0 to 1.0",
            () -> root.number("b", null, 0, 1));
        assertMessage(
            "n.yaml:4: \"d\" is \"5s\"; allowed: a duration such as 250us, 10ms, 30s, 5m or 1h, from 1ms to 4s",
            () -> root.durationNs("d", null, 1_000_000, 4_000_000_000L));
        assertMessage("n.yaml:5: \"e\" is \"maybe\"; allowed: true, false", () -> root.bool("e", true));
        assertMessage("n.yaml:1: \"a\" must be a list", () -> root.strings("a"));
        assertMessage("n.yaml:1: \"a\" must be a mapping of keys to values", () -> root.mapping("a"));
        assertMessage("n.yaml:6: \"f\" must be a plain value", () -> root.string("f"));
        assertMessage("n.yaml:1: key \"z\" is missing", () -> root.string("z"));
        assertMessage("n.yaml:6: unknown key \"f.g\"; allowed here: h", () ->
        {
            final YamlMapping inner = root.mapping("f");
            inner.string("h", "");
            inner.finish();
        });
    }

    @Test
    void shouldRefuseUnknownKeysByNameAndLineAndListTheAllowed() throws DocumentException
    {
        final YamlMapping root = Yaml.parse("n.yaml", "name: x\n\nnmae: y\n");
        root.string("name");
        root.bool("on", true);
        assertMessage("n.yaml:3: unknown key \"nmae\"; allowed here: name, on", root::finish);
    }

    @Test
    void shouldRefuseWhatIsNoSingleMappingOfPlainKeys()
    {
        assertLine(1, "");
        assertLine(1, "- a\n- b\n");
        assertLine(2, "a: 1\na: 2\n");
        assertLine(2, "a: 1\nb: [");
        assertLine(1, "[1]: 2\n");
        assertLine(2, "a: 1\n  b: 2\n");
        assertLine(2, "a: 1\n\tb: 2\n");
    }

    @Test
    void shouldRefuseMoreThanOneDocumentAndAliasesToCollections()
    {
        assertThrows(DocumentException.class, () -> Yaml.parse("n.yaml", "a: 1\n---\nb: 2\n"));
        assertThrows(DocumentException.class, () -> Yaml.parse("n.yaml", "a: &x {b: 1}\nc: *x\n"));
    }

    @Test
    void shouldRefuseDurationsWithoutUnitAndThoseThatOverflow() throws DocumentException
    {
        final YamlMapping root = Yaml.parse("n.yaml", "a: 5\nb: 999999999999h\nc: -1s\nd: 1.5s\n");
        for (final String key : List.of("a", "b", "c", "d"))
        {
            final DocumentException wrong = assertThrows(
                DocumentException.class, () -> root.durationNs(key, null, 0, Long.MAX_VALUE));
            assertTrue(wrong.getMessage().contains("a duration such as"), wrong.getMessage());
        }
    }

    @Test
    void shouldRefuseDeepNestingBeforeItExhaustsTheStack() throws DocumentException
    {
        final String flow = "[".repeat(Yaml.DEPTH_MAX - 1) + "]".repeat(Yaml.DEPTH_MAX - 1);
        assertEquals(1, Yaml.parse("n.yaml", "a: 1\nb: " + flow).integer("a", null, 0, 1));

        assertMessage("n.yaml:2: nested deeper than " + Yaml.DEPTH_MAX + " levels",
            () -> Yaml.parse("n.yaml", "a: 1\nb: [" + flow + "]"));
        assertMessage("n.yaml:1: nested deeper than " + Yaml.DEPTH_MAX + " levels",
            () -> Yaml.parse("n.yaml", "[".repeat(Yaml.LENGTH_MAX / 16)));
        assertMessage("n.yaml:1: nested deeper than " + Yaml.DEPTH_MAX + " levels",
            () -> Yaml.parse("n.yaml", "{a: ".repeat(Yaml.LENGTH_MAX / 16)));
    }

    @Test
    void shouldBoundAFileThatHasNoEnd()
    {
        final Path endless = Path.of("/dev/zero");
        assertMessage(endless + ": larger than " + Yaml.LENGTH_MAX + " bytes", () -> Yaml.read(endless));
    }

    @Test
    void shouldSayWhyAFileCannotBeRead(@TempDir final Path directory) throws IOException
    {
        assertMessage(directory.resolve("none") + ": cannot be read: no such file",
            () -> Yaml.read(directory.resolve("none")));
        final Path large = directory.resolve("large");
        Files.write(large, new byte[Yaml.LENGTH_MAX + 1]);
        assertMessage(large + ": larger than " + Yaml.LENGTH_MAX + " bytes", () -> Yaml.read(large));
        final Path binary = directory.resolve("binary");
        Files.write(binary, new byte[] {(byte)0xff, (byte)0xfe, 0, (byte)0xc3, 0x28});
        assertMessage(binary + ": not a text file in UTF-8", () -> Yaml.read(binary));
    }

    private static void assertLine(final int line, final String text)
    {
        final DocumentException wrong = assertThrows(DocumentException.class, () -> Yaml.parse("n.yaml", text));
        assertTrue(wrong.getMessage().startsWith("n.yaml:" + line + ": "), wrong.getMessage());
    }

    private static void assertMessage(final String expected, final Executable executable)
    {
        assertEquals(expected, assertThrows(DocumentException.class, executable).getMessage());
    }

    @Test
    void shouldTakeOneDurationOrAListOfThem() throws Exception
    {
        final YamlMapping root = Yaml.parse("n.yaml", "one: 5s\nmany: [10ms,\n  2m]\nnone: []\nwrong: [1s,\n  2]\n");

        assertEquals(List.of(5_000_000_000L), root.durationsNs("one", 1, Long.MAX_VALUE));
        assertEquals(List.of(10_000_000L, 120_000_000_000L), root.durationsNs("many", 1, Long.MAX_VALUE));
        assertEquals(List.of(), root.durationsNs("none", 1, Long.MAX_VALUE));
        assertTrue(assertThrows(DocumentException.class, () -> root.durationsNs("wrong", 1, Long.MAX_VALUE))
            .getMessage().startsWith("n.yaml:6: \"wrong\" is \"2\"; allowed: a duration"));
        assertThrows(DocumentException.class, () -> root.durationsNs("absent", 1, Long.MAX_VALUE));
    }
}
