package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What each program costs the verifier, in instructions processed. The list in the repository is part of the commit
 * that changes it; it allows a quarter for other compilers and kernels.
 */
class VerifierCostIT
{
    private static final Path RECORDED = Path.of("src", "test", "resources", "verifier-cost.txt");
    private static final double TOLERANCE = 0.25;

    @Test
    void shouldCostWhatIsRecorded() throws KernelException, IOException
    {
        final Map<String, Integer> measured = new TreeMap<>();
        try (KernelFixture kernel = KernelFixture.open(); BpfInfo info = new BpfInfo(LibBpf.api()))
        {
            for (final String program : List.of("aswarm_network", "aswarm_ingress", "aswarm_egress"))
            {
                assertEquals(0, info.read(kernel.sensor().programFd(program)));
                measured.put(program, info.verifiedInstructions());
            }
        }
        final String list = measured.entrySet().stream().map((each) -> each.getKey() + " " + each.getValue() + "\n")
            .collect(Collectors.joining());
        System.out.print("instructions processed by the verifier:\n" + list);
        Files.writeString(Path.of("target", "verifier-cost.txt"), list);

        final Map<String, Integer> recorded = new TreeMap<>();
        for (final String line : Files.readAllLines(RECORDED))
        {
            final String[] words = line.split(" ");
            recorded.put(words[0], Integer.parseInt(words[1]));
        }
        assertEquals(recorded.keySet(), measured.keySet());
        recorded.forEach((program, instructions) -> assertTrue(
            Math.abs(measured.get(program) - instructions) <= instructions * TOLERANCE,
            () -> program + ": " + measured.get(program) + ", recorded are " + instructions + " in " + RECORDED +
                "; copy target/verifier-cost.txt there if this is meant"));
    }
}
