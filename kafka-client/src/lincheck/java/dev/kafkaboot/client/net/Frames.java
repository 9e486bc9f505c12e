package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.message.FetchResponse;
import java.nio.ByteBuffer;

/** Frames as a connection makes them. */
public final class Frames {

    private Frames() {}

    /** A frame in a buffer of no pool. */
    public static ReceivedFrame<?> of(ByteBuffer buffer) {
        return of(buffer, new ReceiveBufferPool(0));
    }

    static ReceivedFrame<?> of(ByteBuffer buffer, ReceiveBufferPool pool) {
        return new ReceivedFrame<>(new FetchResponse(), (short) 12, new Node(1, "b1", 9092, null), 0, buffer, pool);
    }
}
