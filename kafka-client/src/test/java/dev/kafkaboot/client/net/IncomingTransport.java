package dev.kafkaboot.client.net;

import java.nio.ByteBuffer;

/** A transport that is only read from. */
interface IncomingTransport extends Transport {

    @Override
    default long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    default void wantWrite(boolean wanted) {}

    @Override
    default void wantRead(boolean wanted) {}

    @Override
    default void close() {}
}
