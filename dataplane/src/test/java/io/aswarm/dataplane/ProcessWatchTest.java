package io.aswarm.dataplane;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.ProcessFlyweight;
import io.aswarm.ebpf.ProcessRecord;
import io.aswarm.ebpf.ProcessTable;
import io.aswarm.sketch.ProcessEvent;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ProcessWatchTest
{
    private static final IpAddress HOST = IpAddress.parse("2001:2::7");
    private static final int INIT = 1;
    private static final int SERVER = 10;
    private static final int SHELL = 11;
    private static final int TOOL = 12;
    private static final long START_NS = 1_000;

    private final ProcessRecord record = new ProcessRecord();
    private final List<String> starts = new ArrayList<>();
    private final ProcessWatch watch = new ProcessWatch(new ProcessTable(64), this::onStart, HOST);
    private final byte[] bytes = new byte[ProcessEvent.PATH_MAX];

    /** Each generation as its program, with an asterisk if it serves; the first is what the process ran before. */
    private void onStart(final ProcessEvent event)
    {
        final StringBuilder told = new StringBuilder(text(event.path(bytes))).append(" by");
        for (int generation = 0; generation < 4; generation++)
        {
            told.append(' ').append(text(event.ancestorPath(generation, bytes)))
                .append(event.ancestorServes(generation) ? "*" : "");
        }
        assertEquals(text(event.ancestorPath(1, bytes)), text(event.parentPath(bytes)));
        assertEquals(HOST, new IpAddress(event.hostHigh(), event.hostLow()));
        starts.add(told.append(" flags ").append(event.flags()).append(" at ").append(event.timeNs()).toString());
    }

    private String text(final int length)
    {
        return length == 0 ? "-" : new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    private void executed(final int id, final int parent, final String path)
    {
        watch.onProcess(record.executed(id, START_NS + id, parent, START_NS + parent, path, path.hashCode()));
    }

    private void event(final int kind, final int id, final int parent)
    {
        watch.onProcess(record.event(kind, id, START_NS + id, parent, START_NS + parent));
    }

    @Test
    void shouldTellEachStartWithItsGenerationsAndWhoOfThemServes()
    {
        record.at(5, 0);
        executed(SERVER, INIT, "/usr/sbin/httpd");
        event(ProcessFlyweight.LISTENS, SERVER, INIT);
        event(ProcessFlyweight.FORKED, SHELL, SERVER);
        executed(SHELL, SERVER, "/bin/sh");
        event(ProcessFlyweight.FORKED, TOOL, SHELL);
        executed(TOOL, SHELL, "/usr/bin/curl");

        assertEquals(
            List.of(
                "/usr/sbin/httpd by - - - - flags 0 at 5",
                "/bin/sh by /usr/sbin/httpd /usr/sbin/httpd* - - flags 0 at 5",
                "/usr/bin/curl by /bin/sh /bin/sh /usr/sbin/httpd* - flags 0 at 5"),
            starts);
    }

    @Test
    void shouldTellWhatTheProcessRanBeforeWhenItBecomesAnotherProgram()
    {
        executed(SHELL, INIT, "/bin/sh");
        executed(SHELL, INIT, "/usr/bin/nc");

        assertEquals("/usr/bin/nc by /bin/sh - - - flags 0 at 0", starts.get(1));
    }

    @Test
    void shouldTellStartsOnly()
    {
        event(ProcessFlyweight.FORKED, SHELL, INIT);
        event(ProcessFlyweight.LISTENS, SHELL, INIT);
        event(ProcessFlyweight.EXITED, SHELL, INIT);

        assertEquals(List.of(), starts);
    }

    @Test
    void shouldSayThatInputIsConnectedAndNothingElseOfTheKernelsFlags()
    {
        record.at(7, ProcessFlyweight.FLAG_FILENAME_CUT);
        executed(SHELL, INIT, "/bin/sh");
        record.at(8, ProcessFlyweight.FLAG_FILENAME_CUT | ProcessFlyweight.FLAG_INPUT_CONNECTED);
        executed(TOOL, INIT, "/bin/cat");

        assertEquals(
            List.of(
                "/bin/sh by - - - - flags 0 at 7",
                "/bin/cat by - - - - flags " + ProcessEvent.FLAG_INPUT_CONNECTED + " at 8"),
            starts);
    }

    @Test
    void shouldNotTakeAnotherProcessOfTheSameNumberForTheParent()
    {
        executed(SERVER, INIT, "/usr/sbin/httpd");
        event(ProcessFlyweight.EXITED, SERVER, INIT);
        watch.onProcess(record.executed(SHELL, START_NS + SHELL, SERVER, START_NS + 500, "/bin/sh", 1));

        assertEquals("/bin/sh by - - - - flags 0 at 0", starts.get(1));
    }
}
