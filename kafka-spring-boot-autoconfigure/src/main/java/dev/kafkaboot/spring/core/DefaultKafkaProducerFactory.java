package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerBuilder;
import dev.kafkaboot.client.serialization.Serializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Makes one producer, which is safe for all threads, and closes it with the application: what was handed to it is sent before, up to the close timeout.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class DefaultKafkaProducerFactory<K, V> implements ProducerFactory<K, V>, DisposableBean {

    private final FactoryConfig config;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final List<Consumer<ProducerBuilder<K, V>>> customizers = new ArrayList<>();
    private Duration closeTimeout = Duration.ofSeconds(30);
    private volatile @Nullable KafkaProducer<K, V> producer;
    private boolean destroyed;

    /** A factory of a producer with connections of its own; the configuration names the bootstrap servers. */
    public DefaultKafkaProducerFactory(Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(ConnectionSource.none(), config, keySerializer, valueSerializer);
    }

    /**
     * A factory of a producer.
     *
     * @param connections the connections to share; they are not closed with the producer
     * @param config the producer's configuration, by Kafka's keys
     */
    public DefaultKafkaProducerFactory(
            ConnectionManager connections, Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(ConnectionSource.of(connections, config), config, keySerializer, valueSerializer);
    }

    /**
     * A factory of a producer.
     *
     * @param connections says which connections it uses
     * @param config the producer's configuration, by Kafka's keys
     */
    public DefaultKafkaProducerFactory(
            ConnectionSource connections, Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.config = new FactoryConfig(connections, config);
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /** How long {@link #destroy()} waits for what is not sent yet; 30 s by default. */
    public void setCloseTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
    }

    /** Changes how the producer is built, after the configuration was set; to be called before it is first asked for. */
    public void addBuilderCustomizer(Consumer<ProducerBuilder<K, V>> customizer) {
        customizers.add(customizer);
    }

    @Override
    public KafkaProducer<K, V> getProducer() {
        KafkaProducer<K, V> current = producer;
        return current != null ? current : makeProducer();
    }

    private synchronized KafkaProducer<K, V> makeProducer() {
        if (destroyed) {
            throw new IllegalStateException("The producer factory is closed");
        }
        KafkaProducer<K, V> current = producer;
        if (current == null) {
            ProducerBuilder<K, V> builder = KafkaProducer.builder(keySerializer, valueSerializer);
            config.give(config.with(Map.of()), builder::config, builder::connections);
            customizers.forEach(customizer -> customizer.accept(builder));
            current = builder.build();
            producer = current;
        }
        return current;
    }

    /** Closes the producer. Later calls of {@link #getProducer()} are refused. */
    @Override
    public void destroy() {
        KafkaProducer<K, V> last;
        synchronized (this) {
            destroyed = true;
            last = producer;
            producer = null;
        }
        if (last != null) {
            last.close(closeTimeout); // without the lock: senders are refused meanwhile, and do not wait for the close
        }
    }
}
