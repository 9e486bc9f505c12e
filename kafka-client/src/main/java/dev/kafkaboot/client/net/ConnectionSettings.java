package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import java.time.Duration;

/**
 * How connections are made and kept.
 *
 * @param clientId the client id of what a connection has to say for itself
 * @param socket how sockets are set up
 * @param transports opens byte channels
 * @param authenticators authenticate connections
 * @param setup limits for setting a connection up, which grow with each failure (KIP-601)
 * @param reconnect waits between attempts
 * @param silenceMax a connection is closed if nothing comes for so long although the answer to a request that has expired is due
 * @param maxIdle connections that were not used for so long are closed
 * @param frameBytesMax the largest answer that is accepted
 * @param names how names become addresses
 */
public record ConnectionSettings(
        String clientId,
        SocketOptions socket,
        TransportFactory transports,
        Authenticator.Factory authenticators,
        Backoff setup,
        Backoff reconnect,
        Duration silenceMax,
        Duration maxIdle,
        int frameBytesMax,
        BrokerNames names) {

    /** Connections to brokers that are where they say. */
    public ConnectionSettings(
            String clientId,
            SocketOptions socket,
            TransportFactory transports,
            Authenticator.Factory authenticators,
            Backoff setup,
            Backoff reconnect,
            Duration silenceMax,
            Duration maxIdle,
            int frameBytesMax) {
        this(clientId, socket, transports, authenticators, setup, reconnect, silenceMax, maxIdle, frameBytesMax, BrokerNames.PLAIN);
    }

    /** Whether connections are authenticated by the protocol. */
    boolean authenticates() {
        return authenticators != Authenticator.Factory.NONE;
    }

    /** Plain connections, as the configuration has them but for what lies between the socket and Kafka's protocol. */
    public static ConnectionSettings of(ClientConfig config) {
        return of(config, TransportFactory.PLAIN, Authenticator.Factory.NONE);
    }

    /** Connections as the configuration has them, over channels and with an authentication that are given. */
    public static ConnectionSettings of(ClientConfig config, TransportFactory transports, Authenticator.Factory authenticators) {
        return new ConnectionSettings(
                config.get(CommonConfig.CLIENT_ID),
                new SocketOptions(config.get(CommonConfig.SEND_BUFFER), config.get(CommonConfig.RECEIVE_BUFFER)),
                transports,
                authenticators,
                new Backoff(config.get(CommonConfig.CONNECTION_SETUP_TIMEOUT), config.get(CommonConfig.CONNECTION_SETUP_TIMEOUT_MAX)),
                new Backoff(config.get(CommonConfig.RECONNECT_BACKOFF), config.get(CommonConfig.RECONNECT_BACKOFF_MAX)),
                config.get(CommonConfig.REQUEST_TIMEOUT),
                config.get(CommonConfig.CONNECTIONS_MAX_IDLE),
                config.get(CommonConfig.RECEIVE_MESSAGE_MAX),
                BrokerNames.of(config));
    }

    /** The same with other waits between attempts. */
    ConnectionSettings withReconnect(Backoff other) {
        return new ConnectionSettings(clientId, socket, transports, authenticators, setup, other, silenceMax, maxIdle, frameBytesMax, names);
    }
}
