package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.spring.core.ConsumerFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A container with one consumer and as many threads for the listener as its concurrency says.
 *
 * <p>Guarantees, in every ack mode:
 *
 * <ul>
 *   <li>the records of a partition are worked on in order, one at a time, through all retries; different partitions at the same time;
 *   <li>a commit never passes a record that is not done;
 *   <li>polling goes on whatever the listener does; a partition whose records pile up is paused at the consumer, and no other;
 *   <li>a partition that goes to another member is given up when the listener has finished the record that it is at (up to the revocation timeout) and that is
 *       committed; the records behind it are left to the other;
 *   <li>no failure of a record, nor of a poll or a commit, ends the listener without a word.
 * </ul>
 *
 * <p>It keeps the JVM alive while it runs. {@link ContainerRun} tells how it works.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class KafkaMessageListenerContainer<K, V> extends SingleConsumerContainer {

    private static final String GROUP_INSTANCE_ID = "group.instance.id";

    private final ConsumerFactory<K, V> consumerFactory;
    private List<ConsumerRebalanceListener> rebalanceListeners = List.of();
    private List<AsyncConsumerRebalanceListener> asyncRebalanceListeners = List.of();

    /**
     * A container, not started.
     *
     * @param listenerId the listener's id, for names of threads, logs and metrics
     * @param listener gets records of keys and values as the consumer factory's serializers read them; of bytes if it is a {@link BytesMessageListener}
     * @throws IllegalArgumentException if there is no topic
     */
    public KafkaMessageListenerContainer(
            String listenerId, ConsumerFactory<K, V> consumerFactory, ContainerProperties properties, MessageListener<?, ?> listener) {
        super(listenerId, consumerFactory::getConfiguration, properties, listener);
        this.consumerFactory = consumerFactory;
    }

    /** The application's rebalance listeners. Those that ask for other listeners are left out. */
    public void setRebalanceListeners(List<? extends ConsumerRebalanceListener> rebalanceListeners) {
        this.rebalanceListeners = List.copyOf(rebalanceListeners);
    }

    /** As {@link #setRebalanceListeners}, of listeners whose stages a rebalance waits for, up to the revocation timeout. They are called behind those. */
    public void setAsyncRebalanceListeners(List<? extends AsyncConsumerRebalanceListener> asyncRebalanceListeners) {
        this.asyncRebalanceListeners = List.copyOf(asyncRebalanceListeners);
    }

    private List<ConsumerRebalanceListener> allRebalanceListeners() {
        List<ConsumerRebalanceListener> all = new ArrayList<>(rebalanceListeners);
        asyncRebalanceListeners.forEach(listener -> all.add(new AwaitedRebalanceListener(listener, properties.getRevocationTimeout())));
        return all;
    }

    /** The group of a container with these properties, or null if nothing says one. */
    public static @Nullable String groupOf(ConsumerFactory<?, ?> consumerFactory, ContainerProperties properties) {
        return groupOf(consumerFactory::getConfiguration, properties);
    }

    @Override
    String useOfGroup() {
        return "and so nobody would know how far it has read";
    }

    @Override
    ListenerRun newRun(String group, Observers told) {
        return new ContainerRun(
                listenerId, properties, new RunParts(group), executor(), new RebalanceListeners(this, allRebalanceListeners()), told, startAfter());
    }

    private Map<String, Object> consumerConfig(String group) {
        Map<String, Object> config = givenConfig(group);
        Object instance = given(GROUP_INSTANCE_ID);
        if (instance != null) {
            // Two members of the same name would put each other out of the group, and factories are shared.
            config.put(GROUP_INSTANCE_ID, instance + "-" + listenerId);
        }
        config.put("enable.auto.commit", false);
        config.put("commit.marks", "off"); // a container knows by itself what is done
        config.remove("max.unmarked.records"); // the factory leaves its own out, which has no meaning without marks
        return config;
    }

    /** The parts of a run that depend on this container's types. */
    private final class RunParts implements ContainerRun.Parts {

        private final String group;
        private final @Nullable ClusterMetadata metadata;
        private final Duration maxPollInterval = KafkaMessageListenerContainer.this.maxPollInterval();

        RunParts(String group) {
            this.group = group;
            this.metadata = consumerFactory.getMetadata(consumerConfig(group));
        }

        @Override
        public @Nullable ErrorCode errorOf(String topic) {
            return SingleConsumerContainer.errorOf(metadata, topic);
        }

        @Override
        public Duration maxPollInterval() {
            return maxPollInterval;
        }

        /** A member that the coordinator assigns to may give all that it has up, and hear nothing more. */
        @Override
        public boolean hearsOfEachRebalance() {
            Object protocol = given(ConsumerConfig.GROUP_PROTOCOL.name());
            return protocol == null || protocol.toString().equalsIgnoreCase(GroupProtocol.CLASSIC.name());
        }

        @Override
        public PolledConsumer newConsumer() {
            return PolledConsumer.of(consumerFactory.createBytesConsumer(consumerConfig(group)));
        }

        @Override
        public RecordRunner newRunner(Supplier<KafkaConsumer<?, ?>> consumer, RecordRunner.Container container) {
            return new RecordRunner(handling(group, consumerFactory.getKeySerializer(), consumerFactory.getValueSerializer()), consumer, container);
        }
    }
}
