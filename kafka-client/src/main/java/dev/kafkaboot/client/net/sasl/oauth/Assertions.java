package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.net.sasl.fetch.BoundedFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Chooses by the configuration where assertions come from. */
final class Assertions {

    private Assertions() {}

    /** A file's if it is named, else signed ones if a key is named, else null. */
    static @Nullable Assertion find(ClientConfig config) {
        String file = config.find(OAuthConfig.ASSERTION_FILE);
        if (file != null) {
            Path path = Path.of(file);
            return moment -> BoundedFile.read(path, "assertion file").strip();
        }
        String key = config.find(OAuthConfig.ASSERTION_PRIVATE_KEY_FILE);
        return key == null ? null : SignedAssertion.of(config, Path.of(key));
    }
}
