package dev.kafkaboot.client.security;

/**
 * Where AWS_MSK_IAM gets its credentials from, written by the application ({@code sasl.aws.credentials.supplier}): around the credentials provider of AWS's
 * SDK, for example. Called off the loop, once at a time for all connections of a client; it may block, and should not for longer than connections may wait.
 * A call that takes longer than two minutes is given up, and what it answers later is dropped.
 */
@FunctionalInterface
public interface AwsCredentialsSupplier {

    /**
     * Credentials that have not expired.
     *
     * @throws dev.kafkaboot.client.AuthenticationException if there is no sense in asking again: the client then fails with it
     * @throws Exception if there are none now; they are asked for again after a back-off
     */
    AwsCredentials credentials() throws Exception;
}
