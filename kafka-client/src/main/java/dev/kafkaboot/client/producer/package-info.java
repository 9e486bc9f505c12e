/**
 * The producer: {@link dev.kafkaboot.client.producer.KafkaProducer} is what applications use.
 *
 * <p>User threads serialise a record and append it to the open batch of its partition ({@code PartitionQueue}); everything else happens on the event
 * loop ({@code Sender}). Start reading at {@code RecordAccumulator}, which tells how the two meet.
 */
@NullMarked
package dev.kafkaboot.client.producer;

import org.jspecify.annotations.NullMarked;
