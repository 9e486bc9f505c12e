package dev.kafkaboot.test.proxy;

import dev.kafkaboot.protocol.ApiKey;

/**
 * What a frame is.
 *
 * @param direction which way it goes
 * @param broker the broker's own address, {@code host:port}
 * @param api the API of the request, or of the request that is answered
 * @param version its version
 * @param correlationId its correlation id
 */
record FrameInfo(Direction direction, String broker, ApiKey api, short version, int correlationId) {}
