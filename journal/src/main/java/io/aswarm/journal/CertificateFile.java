package io.aswarm.journal;

/**
 * One certificate to be verified together with others.
 *
 * @param source file or place in the journal, named in the report.
 * @param bytes  of the file.
 */
public record CertificateFile(String source, byte[] bytes)
{
}
