package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ResponseMessage;

/**
 * What a coordinator answered.
 *
 * @param response the answer
 * @param version in which version
 * @param broker who answered
 */
record CoordinatorAnswer<R extends ResponseMessage>(R response, int version, Node broker) {}
