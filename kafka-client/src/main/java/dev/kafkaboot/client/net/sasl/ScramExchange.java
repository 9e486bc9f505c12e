package dev.kafkaboot.client.net.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.UserCredentials;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One authentication by SCRAM: two messages each way, the broker's last of which proves that it knows the user. */
final class ScramExchange implements SaslExchange {

    /** No channel binding, which Kafka does not have, and no other identity to act for. */
    private static final String GS2_HEADER = "n,,";

    private static final int NONCE_BYTES = 24;

    private final ScramMechanism mechanism;
    private final SaslContext context;
    private State state = State.BEGINNING;
    private @Nullable String identity;
    private String password = "";
    private String nonce = "";
    private String clientFirst = "";
    private String authMessage = "";
    private @Nullable ScramKeys keys;

    private enum State {
        /** Nothing was sent. */
        BEGINNING,
        /** The broker is to send salt and iterations. */
        SALT_DUE,
        /** The broker is to prove itself. */
        SIGNATURE_DUE,
        /** It has. */
        COMPLETE
    }

    ScramExchange(ScramMechanism mechanism, SaslContext context) {
        this.mechanism = mechanism;
        this.context = context;
    }

    @Override
    public CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge) {
        if (challenge == null) {
            return mechanism.credentials().get(context).thenApply(this::begin);
        }
        return switch (state) {
            case SALT_DUE -> prove(ServerFirst.read(challenge, nonce, mechanism.rules().iterationsMax()));
            case SIGNATURE_DUE -> verify(ServerFinal.read(challenge));
            case BEGINNING, COMPLETE -> throw new AuthenticationException("the broker sent a message where SCRAM has none");
        };
    }

    private byte[] begin(UserCredentials found) {
        identity = found.userName();
        String fault = mechanism.rules().fault(found);
        if (fault != null) {
            throw new AuthenticationException("the credentials cannot be used: " + fault);
        }
        UserCredentials prepared = mechanism.rules().prepared(found);
        byte[] random = new byte[NONCE_BYTES];
        context.fillSecurely(random);
        password = prepared.password().reveal();
        nonce = Base64.getEncoder().encodeToString(random);
        clientFirst = "n=" + escaped(prepared.userName()) + ",r=" + nonce + (prepared.isDelegationToken() ? ",tokenauth=true" : "");
        state = State.SALT_DUE;
        return (GS2_HEADER + clientFirst).getBytes(UTF_8);
    }

    private static String escaped(String userName) {
        return userName.replace("=", "=3D").replace(",", "=2C");
    }

    private CompletableFuture<byte @Nullable []> prove(ServerFirst first) {
        state = State.SIGNATURE_DUE;
        return mechanism.keys(context, password, first.salt(), first.iterations()).thenApply(derived -> {
            keys = derived;
            password = "";
            String withoutProof = "c=" + Base64.getEncoder().encodeToString(GS2_HEADER.getBytes(UTF_8)) + ",r=" + first.nonce();
            authMessage = clientFirst + "," + first.text() + "," + withoutProof;
            return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(derived.clientProof(authMessage))).getBytes(UTF_8);
        });
    }

    private CompletableFuture<byte @Nullable []> verify(byte[] signature) {
        ScramKeys derived = keys;
        if (derived == null || !derived.isOfServer(signature, authMessage)) {
            throw new AuthenticationException("the broker's signature is wrong: it does not know the user, so it is not the broker that it claims to be");
        }
        state = State.COMPLETE;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isComplete() {
        return state == State.COMPLETE;
    }

    @Override
    public @Nullable String identity() {
        return identity;
    }
}
