package dev.kafkaboot.test.fake;

import java.nio.ByteBuffer;

/** The client's end of a connection, as a broker sees it. Called only from within calls of {@link FakeConnection} and {@link FakeKafka}. */
public interface Peer {

    /** Takes bytes for the client, in order. The buffer is the receiver's from now on. */
    void send(ByteBuffer bytes);

    /** The broker ended the connection, after what it sent before. Nothing follows. */
    void close();
}
