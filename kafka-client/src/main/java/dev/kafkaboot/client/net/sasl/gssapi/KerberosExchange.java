package dev.kafkaboot.client.net.sasl.gssapi;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.ietf.jgss.GSSException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of GSSAPI (RFC 4752): tokens go to and fro until each side knows the other; then the broker tells which protection it offers, and the client takes
 * none, because that is what TLS is for. Each step may ask the key distribution centre, so each runs off the loop, one after the other.
 */
final class KerberosExchange implements SaslExchange {

    private enum State { BEGUN, NEGOTIATING, ESTABLISHED, ANSWERED, ACCEPTED }

    private final SaslContext context;
    private final String serviceName;
    private final Supplier<CompletableFuture<Login>> logins;
    private State state = State.BEGUN;
    private @Nullable KerberosContext kerberos;
    private @Nullable String principal;

    KerberosExchange(SaslContext context, String serviceName, Supplier<CompletableFuture<Login>> logins) {
        this.context = context;
        this.serviceName = serviceName;
        this.logins = logins;
    }

    @Override
    public CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge) {
        byte[] given = challenge == null ? new byte[0] : challenge;
        return switch (state) {
            case BEGUN -> logins.get().thenCompose(login -> {
                principal = login.principal();
                KerberosContext begun = new KerberosContext(login.subject(), serviceName, context.host());
                kerberos = begun;
                return negotiate(begun, given);
            });
            case NEGOTIATING -> negotiate(known(), given);
            case ESTABLISHED -> offLoop(() -> known().answerToOffer(given)).thenApply(answer -> {
                state = State.ANSWERED;
                return answer;
            });
            case ANSWERED -> accepted(given);
            case ACCEPTED -> CompletableFuture.failedFuture(new AuthenticationException("The broker went on with an exchange that it had ended"));
        };
    }

    private KerberosContext known() {
        KerberosContext begun = kerberos;
        if (begun == null) {
            throw new IllegalStateException("no context in state " + state);
        }
        return begun;
    }

    private CompletableFuture<byte @Nullable []> negotiate(KerberosContext begun, byte[] token) {
        return offLoop(() -> begun.next(token)).thenApply(answer -> {
            state = begun.isEstablished() ? State.ESTABLISHED : State.NEGOTIATING;
            return answer;
        });
    }

    private CompletableFuture<byte @Nullable []> accepted(byte[] last) {
        if (last.length > 0) {
            return CompletableFuture.failedFuture(new AuthenticationException("The broker went on with an exchange of GSSAPI that was at its end"));
        }
        state = State.ACCEPTED;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isComplete() {
        return state == State.ANSWERED || state == State.ACCEPTED;
    }

    @Override
    public @Nullable String identity() {
        return principal;
    }

    /** A step of the context. */
    @FunctionalInterface
    private interface Step {
        byte[] run() throws GSSException;
    }

    private CompletableFuture<byte @Nullable []> offLoop(Step step) {
        return context.offload(() -> {
            try {
                return step.run();
            } catch (GSSException failure) {
                throw told(failure);
            }
        });
    }

    /**
     * What a key distribution centre answers, such as that it knows no such broker, comes as a lack of credentials too, with its answer as the cause; a lack of a
     * ticket has none, and whoever sees to the ticket may bring it.
     */
    private RuntimeException told(GSSException failure) {
        String message = "Kerberos failed for the service " + serviceName + "/" + context.host() + ": " + failure.getMessage();
        boolean isWithoutTicket = failure.getMajor() == GSSException.NO_CRED && failure.getCause() == null;
        boolean mayPass = isWithoutTicket || failure.getMajor() == GSSException.CREDENTIALS_EXPIRED || KdcTrouble.mayPass(failure);
        return mayPass ? new CredentialsUnavailableException(message, failure) : new AuthenticationException(message, failure);
    }
}
