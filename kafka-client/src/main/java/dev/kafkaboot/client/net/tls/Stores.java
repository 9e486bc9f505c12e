package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import org.jspecify.annotations.Nullable;

/** Reads the files that keys and certificates lie in. */
final class Stores {

    private static final long LARGEST = 16L * 1024 * 1024;

    private Stores() {}

    /** Reads a key store in one of the forms that the JVM has. */
    static KeyStore open(ConfigKey<String> typeKey, String type, ConfigKey<String> locationKey, String location, ConfigKey<Secret> passwordKey,
            @Nullable Secret password) throws UnusableMaterialException {
        KeyStore store;
        try {
            store = KeyStore.getInstance(type);
        } catch (KeyStoreException unknown) {
            throw new UnusableMaterialException(typeKey, type, "this JVM has no such key stores; JKS, PKCS12 and PEM are possible", unknown);
        }
        try (InputStream in = Files.newInputStream(checked(locationKey, location))) {
            store.load(in, password == null ? null : password.reveal().toCharArray());
            return store;
        } catch (IOException unreadable) {
            if (unreadable.getCause() instanceof UnrecoverableKeyException) {
                throw new UnusableMaterialException(passwordKey, null, "it does not open " + location, unreadable);
            }
            throw new UnusableMaterialException(locationKey, location, "it cannot be read as " + type + ": " + unreadable.getMessage(), unreadable);
        } catch (GeneralSecurityException unreadable) {
            throw new UnusableMaterialException(locationKey, location, "it cannot be read as " + type + ": " + unreadable.getMessage(), unreadable);
        }
    }

    /** Reads a file as text. */
    static String text(ConfigKey<String> locationKey, String location) throws UnusableMaterialException {
        try {
            return Files.readString(checked(locationKey, location), StandardCharsets.ISO_8859_1); // what counts is ASCII, and comments may be anything
        } catch (IOException unreadable) {
            throw new UnusableMaterialException(locationKey, location, "it cannot be read: " + unreadable, unreadable);
        }
    }

    private static Path checked(ConfigKey<String> locationKey, String location) throws UnusableMaterialException {
        Path path;
        try {
            path = Path.of(location);
        } catch (InvalidPathException wrong) {
            throw new UnusableMaterialException(locationKey, location, "it is not the path of a file", wrong);
        }
        try {
            if (Files.isDirectory(path)) {
                throw new UnusableMaterialException(locationKey, location, "it is a directory");
            }
            long size = Files.size(path);
            if (size == 0 || size > LARGEST) {
                throw new UnusableMaterialException(locationKey, location, size == 0 ? "the file is empty" : "the file is " + size + " bytes long");
            }
        } catch (NoSuchFileException missing) {
            throw new UnusableMaterialException(locationKey, location, "there is no such file (" + path.toAbsolutePath() + ")", missing);
        } catch (IOException unreadable) {
            throw new UnusableMaterialException(locationKey, location, "it cannot be read: " + unreadable, unreadable);
        }
        return path;
    }

    static boolean isPem(String type) {
        return type.equalsIgnoreCase("PEM");
    }
}
