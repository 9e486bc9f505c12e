package dev.kafkaboot.client.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Under which name and version this library presents itself to brokers, which log and count it (KIP-511). */
final class Software {

    static final String NAME = "kafkaboot";

    /** The version of the build. */
    static final String VERSION = valid(ofBuild());

    private static final String UNKNOWN = "unknown";

    private Software() {}

    /** A file that the build writes, because what a jar's manifest says is lost when jars are merged into one. */
    private static String ofBuild() {
        try (InputStream in = Software.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                return "";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version with the characters that brokers accept: letters and digits, and in between also dots and dashes. They refuse a connection for others. */
    static String valid(String version) {
        String valid = version.replaceAll("[^a-zA-Z0-9.-]", "-").replaceAll("^[.-]+|[.-]+$", "");
        return valid.isEmpty() ? UNKNOWN : valid;
    }
}
