/**
 * Listener containers: from poll to commit.
 *
 * <p>{@link dev.kafkaboot.spring.listener.KafkaMessageListenerContainer} is what an application sees. One start of it is a
 * {@link dev.kafkaboot.spring.listener.ContainerRun}, where reading begins; the life of a partition's records is
 * {@link dev.kafkaboot.spring.listener.PartitionWork}.
 */
@NullMarked
package dev.kafkaboot.spring.listener;

import org.jspecify.annotations.NullMarked;
