/**
 * The consumer. Start reading at {@link dev.kafkaboot.client.consumer.KafkaConsumer}, then {@code Assignment} (what is shared with user threads),
 * {@code Fetcher} (what the loop fetches) and {@code Membership} (who owns what, by the classic protocol or by KIP-848).
 *
 * <p>It uses the event loop, the connections and the metadata below it, and nothing of the producer or the admin client.
 */
@NullMarked
package dev.kafkaboot.client.consumer;

import org.jspecify.annotations.NullMarked;
