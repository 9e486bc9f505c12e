package dev.kafkaboot.client.net;

import java.util.EnumSet;
import java.util.Set;

/** Where a {@link Connection} is in its life. */
enum ConnectionState {
    /** Not begun yet: it waits because earlier attempts failed. */
    WAITING,
    /** The name is being looked up, or an address tried. */
    CONNECTING,
    /** The bytes flow; the broker is asked which versions it speaks. */
    NEGOTIATING,
    /** The authenticator is at work. */
    AUTHENTICATING,
    /** Takes requests. */
    READY,
    /** Takes no more requests, and closes when the last one is answered. */
    CLOSING,
    /** Over. */
    CLOSED;

    private Set<ConnectionState> followers() {
        return switch (this) {
            case WAITING -> EnumSet.of(CONNECTING, CLOSED);
            case CONNECTING -> EnumSet.of(NEGOTIATING, CLOSED);
            case NEGOTIATING -> EnumSet.of(AUTHENTICATING, CLOSED);
            case AUTHENTICATING -> EnumSet.of(READY, CLOSED);
            case READY -> EnumSet.of(CLOSING, CLOSED);
            case CLOSING -> EnumSet.of(CLOSED);
            case CLOSED -> EnumSet.noneOf(ConnectionState.class);
        };
    }

    /**
     * The next state.
     *
     * @throws IllegalStateException if it cannot follow this one
     */
    ConnectionState to(ConnectionState next) {
        if (!followers().contains(next)) {
            throw new IllegalStateException("A connection that is " + this + " cannot become " + next);
        }
        return next;
    }

    /** Whether versions are negotiated and the authenticator is done. */
    boolean isSetUp() {
        return this == READY || this == CLOSING;
    }

    /** Whether requests may still be added, to be sent now or once ready. */
    boolean takesRequests() {
        return this != CLOSING && this != CLOSED;
    }
}
