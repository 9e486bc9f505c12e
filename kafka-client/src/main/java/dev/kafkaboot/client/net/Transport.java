package dev.kafkaboot.client.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A byte channel to one peer that never blocks: a socket, or a layer such as TLS on top of another transport.
 *
 * <p>Everything here is called on the loop, and so is the {@link Handler}. Nothing calls the handler from within one of these methods.
 */
public interface Transport {

    /**
     * Reads what is there.
     *
     * @return the number of bytes read, 0 if there are none now, -1 if the peer has ended the stream
     * @throws IOException if the channel is broken; it is to be closed
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Writes as much as the channel takes now, from several buffers in order, and moves their positions by that.
     *
     * @return the number of bytes written; if it is less than what remained, {@link #wantWrite} tells when to go on
     * @throws IOException if the channel is broken; it is to be closed
     */
    long write(ByteBuffer[] sources, int offset, int length) throws IOException;

    /** Whether {@link Handler#writable()} is to be called once the channel takes bytes again. Off to begin with. */
    void wantWrite(boolean wanted);

    /** Whether {@link Handler#readable()} is to be called while there are bytes. On once connected; turned off, the peer feels back-pressure. */
    void wantRead(boolean wanted);

    /**
     * Whether bytes that {@link #write} took are still here, as in a layer that encrypts them before the channel below takes them. They are lost if this is closed
     * now. While {@link #wantWrite} is on, {@link Handler#writable()} is called when they are gone.
     */
    default boolean hasUnsent() {
        return false;
    }

    /** What a channel that is not open yet waits for, as the end of the sentence "the broker did not ... within 10 s". */
    default String awaits() {
        return "accept the connection";
    }

    /** Closes the channel at once; the handler hears nothing more. A second call does nothing. */
    void close();

    /** What hears of a transport's events, on the loop. */
    interface Handler {

        /** The channel is open. */
        void connected();

        /** There is something to read, or the stream has ended: {@link Transport#read} tells. Called again as long as bytes remain. */
        void readable();

        /** The channel takes bytes again. */
        void writable();

        /** The channel could not be opened, or the loop has ended. Nothing follows. Not called after {@link Transport#close()}. */
        void closed(Throwable cause);
    }
}
