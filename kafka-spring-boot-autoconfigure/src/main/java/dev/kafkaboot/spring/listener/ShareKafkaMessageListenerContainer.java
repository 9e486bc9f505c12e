package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.spring.core.ShareConsumerFactory;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A container that is a member of a share group (KIP-932; Kafka 4.2 or later): one consumer, and as many threads for the listener as its concurrency says.
 *
 * <p>Records come one by one, of all partitions, in no order, and each is acknowledged by itself:
 *
 * <ul>
 *   <li>one that the listener has worked on is accepted: nobody gets it again. In ack mode MANUAL the listener says so, or something else
 *       ({@link dev.kafkaboot.spring.support.ShareAcknowledgment});
 *   <li>one that failed is what the {@link RecordErrorHandler} says: tried again here, after a while, or given up, which is rejected;
 *   <li>one that was not begun when the container stops is released, and so is one that is not finished within the shutdown timeout;
 *   <li>one that was not begun when it pauses, and was not delivered before, is released, so that others get it. The others stay here, and their locks are renewed until
 *       it resumes or is stopped: each release counts as one of the few deliveries after which brokers give a record up.
 * </ul>
 *
 * <p>Locks are renewed as long as a record is here, whatever time the listener takes. What the broker has not taken is delivered again. Ack mode RECORD sends each
 * acknowledgement at once, BATCH with the next poll, which is at most the poll timeout later. It does not start in ack mode MANUAL if the listener cannot acknowledge.
 *
 * <p>It is not {@linkplain #isInExpectedState in its expected state} if it should run and polls have failed several times in a row, a batch cannot be read, it is kept
 * from a topic for good, it has waited for its topics to be created for {@code max.poll.interval.ms}, or it has ended by an error; {@link #getLastError} tells the same,
 * but for topics. Whether it has got into its group is not looked at, nor whether brokers take what is said of records. Partitions and lag are empty: members of a
 * share group have no partitions of their own, and how far behind the group is, only the brokers know.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class ShareKafkaMessageListenerContainer<K, V> extends SingleConsumerContainer {

    private final ShareConsumerFactory<K, V> consumerFactory;

    /**
     * A container, not started.
     *
     * @param listenerId the listener's id, for names of threads, logs and metrics
     * @param listener gets records of keys and values as the consumer factory's serializers read them; of bytes if it is a {@link BytesMessageListener}
     * @throws IllegalArgumentException if there is no topic, or the listener is one that acknowledges offsets
     */
    public ShareKafkaMessageListenerContainer(
            String listenerId, ShareConsumerFactory<K, V> consumerFactory, ContainerProperties properties, MessageListener<?, ?> listener) {
        super(listenerId, consumerFactory::getConfiguration, properties, listener);
        if (listener instanceof AcknowledgingMessageListener<?, ?>) {
            throw new IllegalArgumentException("Listener '" + listenerId + "' of a share group needs an "
                    + AcknowledgingShareConsumerAwareMessageListener.class.getSimpleName() + " in place of an " + AcknowledgingMessageListener.class.getSimpleName());
        }
        this.consumerFactory = consumerFactory;
    }

    /** The group of a container with these properties, or null if nothing says one. */
    public static @Nullable String groupOf(ShareConsumerFactory<?, ?> consumerFactory, ContainerProperties properties) {
        return groupOf(consumerFactory::getConfiguration, properties);
    }

    @Override
    String useOfGroup() {
        return "which is what shares the records out";
    }

    @Override
    ListenerRun newRun(String group, Observers told) {
        if (properties.getAckMode() == AckMode.MANUAL && !(listener instanceof AcknowledgingShareConsumerAwareMessageListener<?, ?>)) {
            throw cannotStart("its ack mode is MANUAL, but its " + listener.getClass().getName()
                    + " cannot acknowledge, so that nobody could say what became of its records: give it an "
                    + AcknowledgingShareConsumerAwareMessageListener.class.getSimpleName() + ", or another ack mode in its container properties");
        }
        Executor executor = executor();
        RecordHandling handling = handling(group, consumerFactory.getKeySerializer(), consumerFactory.getValueSerializer());
        Duration maxPollInterval = maxPollInterval();
        CompletableFuture<?> before = startAfter();
        Map<String, Object> config = consumerConfig(group);
        ClusterMetadata metadata = consumerFactory.getMetadata(config);
        KafkaShareConsumer<byte[], byte[]> consumer = consumerFactory.createBytesShareConsumer(config);
        return new ShareContainerRun(
                listenerId, properties, consumer, (work, line) -> new ShareRecordRunner(handling, consumer, work, told, line), executor, told,
                topic -> errorOf(metadata, topic), new JoinWatch(listenerId, maxPollInterval), maxPollInterval, before);
    }

    private Map<String, Object> consumerConfig(String group) {
        Map<String, Object> config = givenConfig(group);
        config.put("share.acknowledgement.mode", "explicit"); // what a poll returned is worked on by other threads, while this one polls again
        return config;
    }

    @Override
    public String toString() {
        return super.toString() + " in a share group";
    }
}
