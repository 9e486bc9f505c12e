package dev.kafkaboot.client.net;

/**
 * How a socket is set up. {@code TCP_NODELAY} and {@code SO_KEEPALIVE} are always on.
 *
 * @param sendBufferBytes size of {@code SO_SNDBUF}, or -1 to leave it to the system
 * @param receiveBufferBytes size of {@code SO_RCVBUF}, or -1 to leave it to the system
 */
public record SocketOptions(int sendBufferBytes, int receiveBufferBytes) {

    /** Leaves the buffers to the system. */
    public static final SocketOptions DEFAULT = new SocketOptions(-1, -1);
}
