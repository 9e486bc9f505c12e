package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.SaslAuthenticateRequest;
import dev.kafkaboot.protocol.message.SaslAuthenticateResponse;
import dev.kafkaboot.protocol.message.SaslHandshakeRequest;
import dev.kafkaboot.protocol.message.SaslHandshakeResponse;

/** SaslHandshake and SaslAuthenticate. A client that is refused hears why, and then the connection ends. */
final class SaslApis {

    private final FakeKafka cluster;

    private SaslApis(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        SaslApis own = new SaslApis(cluster);
        apis.add(new Api<>(SaslHandshakeRequest::new, own::handshake,
                (request, version, error) -> new SaslHandshakeResponse().errorCode(error.code())));
        apis.add(new Api<>(SaslAuthenticateRequest::new, own::authenticate,
                (request, version, error) -> new SaslAuthenticateResponse().errorCode(error.code())));
    }

    private void handshake(Exchange<SaslHandshakeRequest, SaslHandshakeResponse> exchange) {
        FakeConnection connection = exchange.connection();
        SaslHandshakeResponse response = connection.session().begin(exchange.request());
        exchange.reply(response);
        closeIfRefused(connection, response.errorCode());
    }

    private void authenticate(Exchange<SaslAuthenticateRequest, SaslAuthenticateResponse> exchange) {
        FakeConnection connection = exchange.connection();
        SaslAuthenticateResponse response = connection.session().proceed(exchange.request());
        exchange.reply(response);
        closeIfRefused(connection, response.errorCode());
    }

    private void closeIfRefused(FakeConnection connection, short errorCode) {
        if (errorCode != ErrorCode.NONE.code() && cluster.sasl().isEnabled()) {
            connection.close();
        }
    }
}
