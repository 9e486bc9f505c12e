/**
 * Listener containers: from poll to commit.
 *
 * <p>{@link dev.kafkaboot.spring.listener.KafkaMessageListenerContainer} is what an application sees. One start of it is a
 * {@link dev.kafkaboot.spring.listener.ContainerRun}, where reading begins; the life of a partition's records is
 * {@link dev.kafkaboot.spring.listener.PartitionWork}. {@link dev.kafkaboot.spring.listener.ShareKafkaMessageListenerContainer},
 * {@link dev.kafkaboot.spring.listener.ShareContainerRun} and {@link dev.kafkaboot.spring.listener.ShareWork} are the same for members of share groups. What both kinds
 * have in common is {@link dev.kafkaboot.spring.listener.SingleConsumerContainer} and {@link dev.kafkaboot.spring.listener.PollLoop}.
 */
@NullMarked
package dev.kafkaboot.spring.listener;

import org.jspecify.annotations.NullMarked;
