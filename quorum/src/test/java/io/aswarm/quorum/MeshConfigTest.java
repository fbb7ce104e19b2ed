package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MeshConfigTest
{
    private static final Path DIRECTORY = Path.of("/run/aswarm/aeron");

    @ParameterizedTest
    @CsvSource({
        "239.198.0.2,198.18.0.1,4057,1,odd last octet",
        "198.18.0.1,198.18.0.1,4057,1,a multicast address",
        "239.198.0.1,0.0.0.0,4057,1,an address of the mesh's interface",
        "239.198.0.1,2001:2::1,4057,1,of the family of 239.198.0.1",
        "239.198.0.1,localhost,4057,1,no host name",
        "239.198.0.1,198.18.0.1,0,1,port=0",
        "239.198.0.1,198.18.0.1,4057,0,ttl=0",
        "239.198.0.1,,4057,1,none without an interface",
        ",198.18.0.1,4057,1,either of them",
        "239.198.0.1,198.18.0.1,65535,1,port=65535"})
    void shouldNameWhatIsWrong(
        final String group, final String local, final int port, final int hopsMax, final String expected)
    {
        final IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class,
            () -> new MeshConfig(DIRECTORY, group, port, local, hopsMax, 1, 8));
        assertTrue(wrong.getMessage().contains(expected), wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "239.198.0.1,a member's address", "0.0.0.0,a member's address", "2001:2::2,of the family of 198.18.0.1",
        "gateway-2,no host name"})
    void shouldNameTheMemberThatIsWrong(final String member, final String expected)
    {
        final IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class,
            () -> new MeshConfig(DIRECTORY, null, 4057, "198.18.0.1", 1, 1, 8, List.of("198.18.0.2", member)));
        assertTrue(wrong.getMessage().contains(expected), wrong.getMessage());
    }

    @Test
    void shouldTakeBothFamiliesAndNone()
    {
        assertEquals(4057, new MeshConfig(DIRECTORY, "239.198.0.1", 4057, "198.18.0.1", 1, 1, 8).port());
        assertEquals(4057, new MeshConfig(DIRECTORY, "ff15::a:1", 4057, "2001:2::1", 1, 1, 8).port());
        assertTrue(MeshConfig.alone(DIRECTORY).isAlone());
    }
}
