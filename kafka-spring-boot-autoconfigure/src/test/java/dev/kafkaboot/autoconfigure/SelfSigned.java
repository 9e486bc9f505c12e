package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A key and its certificate for loopback, signed by itself, made by the JDK's keytool.
 *
 * @param keyStore a PKCS12 file with both
 * @param certificate the certificate in PEM
 */
record SelfSigned(Path keyStore, Path certificate) {

    static final String PASSWORD = "changeit";

    static SelfSigned in(Path directory, String name) throws IOException, InterruptedException {
        Path keyStore = directory.resolve(name + ".p12");
        Path certificate = directory.resolve(name + ".pem");
        keytool("-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "2",
                "-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", PASSWORD);
        keytool("-exportcert", "-rfc", "-alias", "it", "-keystore", keyStore.toString(), "-storepass", PASSWORD, "-file", certificate.toString());
        return new SelfSigned(keyStore, certificate);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    String pem() throws IOException {
        return Files.readString(certificate);
    }
}
