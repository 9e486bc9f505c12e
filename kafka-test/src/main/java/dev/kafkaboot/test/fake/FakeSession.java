package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.SaslAuthenticateRequest;
import dev.kafkaboot.protocol.message.SaslAuthenticateResponse;
import dev.kafkaboot.protocol.message.SaslHandshakeRequest;
import dev.kafkaboot.protocol.message.SaslHandshakeResponse;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection, and until when that counts.
 *
 * <p>As with a real broker: before a client has authenticated, and while it does so again, only the requests for that are read; anything else ends the connection,
 * and so does a request that comes when the session has ended. Neither the user nor the mechanism may change, and a client may not come back within a second.
 */
final class FakeSession {

    private static final long INTERVAL_MIN_NANOS = 1_000_000_000;

    private final FakeKafka cluster;
    private final long number;
    private @Nullable SaslServer server;
    private String offered = "";
    private @Nullable String mechanism;
    private @Nullable String user;
    private long begunNanos;
    private long endNanos = Long.MAX_VALUE;

    FakeSession(FakeKafka cluster, long number) {
        this.cluster = cluster;
        this.number = number;
    }

    /** Whether a request may come now. */
    boolean admits(ApiKey api) {
        if (!cluster.sasl().isEnabled() || api == ApiKey.SASL_HANDSHAKE && server == null) {
            return true;
        }
        if (server != null) {
            return api == ApiKey.SASL_AUTHENTICATE;
        }
        return user == null
                ? api == ApiKey.API_VERSIONS || api == ApiKey.SASL_AUTHENTICATE
                : cluster.nowNanos() < endNanos;
    }

    /** The client names the mechanism. */
    SaslHandshakeResponse begin(SaslHandshakeRequest request) {
        FakeSasl sasl = cluster.sasl();
        boolean tooSoon = user != null && cluster.nowNanos() - begunNanos < INTERVAL_MIN_NANOS;
        if (!sasl.isEnabled() || tooSoon) {
            return new SaslHandshakeResponse().errorCode(ErrorCode.ILLEGAL_SASL_STATE.code());
        }
        SaslHandshakeResponse response = new SaslHandshakeResponse().mechanisms(sasl.mechanisms());
        if (!sasl.mechanisms().contains(request.mechanism())) {
            return response.errorCode(ErrorCode.UNSUPPORTED_SASL_MECHANISM.code());
        }
        offered = request.mechanism();
        server = sasl.server(offered, number);
        begunNanos = cluster.nowNanos();
        return response;
    }

    /** The client shows who it is. */
    SaslAuthenticateResponse proceed(SaslAuthenticateRequest request) {
        SaslServer current = server;
        if (current == null) {
            return failed(ErrorCode.ILLEGAL_SASL_STATE, "SaslAuthenticate request received after successful authentication");
        }
        try {
            SaslAuthenticateResponse response = new SaslAuthenticateResponse().authBytes(current.respond(request.authBytes()));
            if (!current.isComplete()) {
                return response;
            }
            refuseAnother(current);
            server = null;
            mechanism = offered;
            user = current.user();
            long lifetimeMillis = cluster.sasl().sessionLifetimeMillis();
            endNanos = lifetimeMillis == 0 ? Long.MAX_VALUE : cluster.nowNanos() + lifetimeMillis * 1_000_000;
            return response.sessionLifetimeMs(lifetimeMillis);
        } catch (SaslRefusal refusal) {
            return failed(ErrorCode.SASL_AUTHENTICATION_FAILED, refusal.getMessage());
        }
    }

    private void refuseAnother(SaslServer current) {
        if (user != null && !user.equals(current.user())) {
            throw new SaslRefusal("Cannot change principals during re-authentication from User." + user + " to User." + current.user());
        }
        if (mechanism != null && !mechanism.equals(offered)) {
            throw new SaslRefusal("Cannot change mechanisms during re-authentication from " + mechanism + " to " + offered);
        }
    }

    private static SaslAuthenticateResponse failed(ErrorCode error, @Nullable String message) {
        return new SaslAuthenticateResponse().errorCode(error.code()).errorMessage(message);
    }
}
