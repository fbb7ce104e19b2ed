package io.aswarm.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The text of a document that somebody else wrote: UTF-8 and bounded, whatever the file is, also one without an end.
 */
final class DocumentText
{
    private DocumentText()
    {
    }

    /**
     * Read a file whole.
     *
     * @param file      to read.
     * @param lengthMax most bytes accepted.
     * @return its text.
     * @throws DocumentException when it cannot be read, is longer, or is no text.
     */
    static String read(final Path file, final int lengthMax) throws DocumentException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            final byte[] bytes = in.readNBytes(lengthMax + 1);
            if (bytes.length > lengthMax)
            {
                throw new DocumentException(file, 0, "larger than " + lengthMax + " bytes");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
        catch (final CharacterCodingException ex)
        {
            throw new DocumentException(file, 0, "not a text file in UTF-8");
        }
        catch (final IOException ex)
        {
            throw DocumentException.unreadable(file, ex);
        }
    }
}
