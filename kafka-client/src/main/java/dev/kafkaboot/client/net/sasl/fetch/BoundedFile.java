package dev.kafkaboot.client.net.sasl.fetch;

import dev.kafkaboot.client.CredentialsUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that hold credentials. Whatever the file holds, messages tell only its name. Blocks. */
public final class BoundedFile {

    private static final int LENGTH_MAX = 1024 * 1024;

    private BoundedFile() {}

    /**
     * The whole of a file. It is read anew by each call, so that what was renewed is seen, whatever the file's time says.
     *
     * @param what what the file is, as messages call it
     * @throws CredentialsUnavailableException if it cannot be read, or is longer than a megabyte
     */
    public static String read(Path file, String what) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LENGTH_MAX + 1);
            if (bytes.length > LENGTH_MAX) {
                throw new CredentialsUnavailableException("The " + what + " " + file + " is longer than " + LENGTH_MAX + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException missing) {
            throw new CredentialsUnavailableException("The " + what + " " + file + " does not exist", missing);
        } catch (IOException failure) {
            throw new CredentialsUnavailableException("The " + what + " " + file + " cannot be read: " + failure, failure);
        }
    }
}
