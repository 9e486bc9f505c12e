/**
 * The wire format: reading and writing primitives, message versions, errors and framing. No I/O.
 *
 * <p>The messages themselves, and {@code ApiKey}, are generated from Kafka's definitions. Start reading at {@link dev.kafkaboot.protocol.Message}.
 */
@NullMarked
package dev.kafkaboot.protocol;

import org.jspecify.annotations.NullMarked;
