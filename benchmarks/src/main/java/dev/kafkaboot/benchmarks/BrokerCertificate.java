package dev.kafkaboot.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A broker's key and its certificate for loopback, signed by itself, in files that go when it is closed.
 *
 * @param keyStore PKCS12 with both
 * @param certificate the certificate in PEM, for clients to trust
 */
record BrokerCertificate(Path keyStore, Path certificate) implements AutoCloseable {

    private static final String PASSWORD = "changeit";

    /** Has the JDK's keytool make one. */
    static BrokerCertificate make() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("benchmarks");
        BrokerCertificate made = new BrokerCertificate(directory.resolve("broker.p12"), directory.resolve("broker.pem"));
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=broker", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "2", "-alias", "broker",
                "-storetype", "PKCS12", "-keystore", made.keyStore.toString(), "-storepass", PASSWORD);
        keytool("-exportcert", "-rfc", "-alias", "broker", "-keystore", made.keyStore.toString(), "-storepass", PASSWORD,
                "-file", made.certificate.toString());
        return made;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool " + arguments[0] + ": " + output);
        }
    }

    /** What a listener of the broker is told. */
    Map<String, String> ofListener() {
        return Map.of(
                "ssl.keystore.type", "PKCS12", "ssl.keystore.location", keyStore.toString(), "ssl.keystore.password", PASSWORD,
                "ssl.key.password", PASSWORD);
    }

    /** What a client is told that trusts the certificate in a PEM file. */
    static Map<String, Object> ofClient(String certificate) {
        return Map.of("security.protocol", "SSL", "ssl.truststore.type", "PEM", "ssl.truststore.location", certificate);
    }

    @Override
    public void close() throws IOException {
        Files.delete(keyStore);
        Files.delete(certificate);
        Files.delete(keyStore.getParent());
    }
}
