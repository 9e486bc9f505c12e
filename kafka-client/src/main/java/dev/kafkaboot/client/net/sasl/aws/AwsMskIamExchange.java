package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import dev.kafkaboot.client.security.AwsCredentials;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One exchange of AWS_MSK_IAM: the client sends a signed request, and the broker answers with the version and an id. */
final class AwsMskIamExchange implements SaslExchange {

    private enum State { BEGUN, SENT, ACCEPTED }

    private final SaslContext context;
    private final Region region;
    private final Supplier<CompletableFuture<AwsCredentials>> credentials;
    private State state = State.BEGUN;

    AwsMskIamExchange(SaslContext context, Region region, Supplier<CompletableFuture<AwsCredentials>> credentials) {
        this.context = context;
        this.region = region;
        this.credentials = credentials;
    }

    @Override
    public CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge) {
        return switch (state) {
            case BEGUN -> first();
            case SENT -> judged(challenge);
            case ACCEPTED -> CompletableFuture.failedFuture(new AuthenticationException("The broker went on with an exchange that it had ended"));
        };
    }

    private CompletableFuture<byte @Nullable []> first() {
        if (!context.isEncrypted()) {
            return CompletableFuture.failedFuture(new AuthenticationException("AWS_MSK_IAM is used over TLS only: set security.protocol to SASL_SSL"));
        }
        String found = region.of(context.host());
        if (found == null) {
            return CompletableFuture.failedFuture(new AuthenticationException("The region of " + context.host()
                    + " is not known: it is not in the name, so set sasl.aws.region"));
        }
        return credentials.get().thenApply(known -> {
            state = State.SENT;
            Instant now = Instant.ofEpochMilli(context.currentTimeMillis());
            return SignedConnect.payload(known, context.host(), found, now).getBytes(StandardCharsets.UTF_8);
        });
    }

    private CompletableFuture<byte @Nullable []> judged(byte @Nullable [] challenge) {
        if (challenge == null || challenge.length == 0) {
            return CompletableFuture.failedFuture(new AuthenticationException("The broker ended the exchange without the answer that AWS_MSK_IAM has"));
        }
        try {
            String version = Json.text(Json.object(challenge), "version");
            if (!SignedConnect.VERSION.equals(version)) {
                return CompletableFuture.failedFuture(new AuthenticationException("The broker answered in another version of AWS_MSK_IAM than "
                        + SignedConnect.VERSION));
            }
        } catch (IllegalArgumentException notJson) {
            return CompletableFuture.failedFuture(new AuthenticationException("The broker's answer to AWS_MSK_IAM " + notJson.getMessage()));
        }
        state = State.ACCEPTED;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isComplete() {
        return state == State.ACCEPTED;
    }
}
