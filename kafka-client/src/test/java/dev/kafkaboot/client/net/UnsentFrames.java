package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ResponseMessage;

/** Frames that no broker has sent, for tests of what is done with answers. */
public final class UnsentFrames {

    private UnsentFrames() {}

    /** A frame with one reference, which is the caller's. */
    public static <R extends ResponseMessage> ReceivedFrame<R> of(R response) {
        return new ReceivedFrame<>(response, (short) 0, new Node(1, "broker-1", 9092, null), 0, null, null);
    }
}
