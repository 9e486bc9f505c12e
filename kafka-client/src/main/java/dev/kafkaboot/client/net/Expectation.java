package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.message.ProduceRequest;

/** Which requests are answered: all but a Produce request that asks for no acknowledgement. */
final class Expectation {

    private Expectation() {}

    static boolean of(RequestMessage<?> request) {
        return !(request instanceof ProduceRequest produce) || produce.acks() != 0;
    }
}
