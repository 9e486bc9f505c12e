package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.net.sasl.fetch.BoundedFile;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.OAuthToken;
import java.nio.file.Path;

/** Reads a token from a file that somebody else renews, as Kubernetes does with those of its service accounts. */
final class FileTokenSource implements CredentialSource<OAuthToken> {

    private final Path file;
    private final TokenParser parser;

    FileTokenSource(Path file, TokenParser parser) {
        this.file = file;
        this.parser = parser;
    }

    @Override
    public OAuthToken fetch(Moment moment) {
        String token = BoundedFile.read(file, "token file").strip();
        // Without an expiry it is not kept: the file is read again for each connection, and so whatever replaces it is seen.
        return parser.parse(token, "file " + file, null, null);
    }
}
