package dev.kafkaboot.client.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How keys and certificates change while a client runs. */
class ConfiguredContextTest {

    private static final Certificates.Identity ROOT = Certificates.named("Root").asAuthority().selfSigned();

    @TempDir
    private Path directory;

    private Path trust;

    @BeforeEach
    void write() throws IOException {
        trust = Files.writeString(directory.resolve("trust.pem"), Certificates.pem(ROOT.own()));
    }

    private ConfiguredContext context() {
        return new ConfiguredContext(Configured.with(Map.of("ssl.truststore.type", "PEM", "ssl.truststore.location", trust.toString())));
    }

    @Test
    void filesThatStayTheSameAreNotReadAnew() {
        ConfiguredContext context = context();

        assertThat(context.context()).isSameAs(context.context());
    }

    @Test
    void fileThatHasChangedIsReadAnew() throws IOException {
        ConfiguredContext context = context();
        SSLContext before = context.context();

        Files.writeString(trust, Certificates.pem(ROOT.own()) + "# and a comment\n");

        assertThat(context.context()).isNotSameAs(before).isSameAs(context.context());
    }

    @Test
    void fileThatAnotherOfTheSameSizeAndAgeTookThePlaceOfIsReadAnew() throws IOException {
        ConfiguredContext context = context();
        SSLContext before = context.context();
        FileTime age = Files.getLastModifiedTime(trust);

        Path other = Files.copy(trust, directory.resolve("other.pem"));
        Files.setLastModifiedTime(other, age);
        Files.move(other, trust, StandardCopyOption.REPLACE_EXISTING);

        assertThat(context.context()).isNotSameAs(before);
    }

    @Test
    void whatCouldNotBeReadIsTriedAgainThoughTheFileLooksTheSame() throws IOException {
        ConfiguredContext context = context();
        SSLContext before = context.context();
        String good = Certificates.pem(ROOT.own()) + "# and a comment\n";
        FileTime age = FileTime.fromMillis(1_700_000_000_000L);
        Files.writeString(trust, "-".repeat(good.length()));
        Files.setLastModifiedTime(trust, age);
        SSLContext meanwhile = context.context();

        Files.writeString(trust, good);
        Files.setLastModifiedTime(trust, age);

        assertThat(meanwhile).isSameAs(before);
        assertThat(context.context()).isNotSameAs(before);
    }

    @Test
    void brokenFileLeavesWhatWasThereUntilItIsWhole() throws IOException {
        ConfiguredContext context = context();
        SSLContext before = context.context();

        Files.writeString(trust, "-----BEGIN CERTIFICATE-----\nMIIB");
        SSLContext meanwhile = context.context();
        Files.delete(trust);
        SSLContext without = context.context();
        Files.writeString(trust, Certificates.pem(ROOT.own()));
        SSLContext after = context.context();

        assertThat(meanwhile).isSameAs(before);
        assertThat(without).isSameAs(before);
        assertThat(after).isNotSameAs(before);
    }
}
