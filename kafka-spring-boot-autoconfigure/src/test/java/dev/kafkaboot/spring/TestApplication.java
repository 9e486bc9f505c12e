package dev.kafkaboot.spring;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.annotation.EnableKafka;
import dev.kafkaboot.spring.config.ConcurrentKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.core.DefaultKafkaProducerFactory;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.spring.core.ProducerFactory;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import dev.kafkaboot.spring.support.serializer.JacksonJsonSerializer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/** An application without Boot: connections, template and listeners against one broker. */
public final class TestApplication implements AutoCloseable {

    @Configuration(proxyBeanMethods = false)
    @EnableKafka
    static class Config {

        @Bean
        ConnectionManager connectionManager(Environment environment) {
            return ConnectionManager.connect(environment.getRequiredProperty("servers"));
        }

        @Bean
        Serializer<Object> valueSerializer(Environment environment) {
            return environment.getRequiredProperty("values").equals("json") ? JacksonJsonSerializer.create() : asObjects(Serializers.string());
        }

        @SuppressWarnings("unchecked")
        private static Serializer<Object> asObjects(Serializer<?> serializer) {
            return (Serializer<Object>) serializer;
        }

        @Bean
        ProducerFactory<String, Object> producerFactory(ConnectionManager connections, Serializer<Object> valueSerializer) {
            return new DefaultKafkaProducerFactory<>(connections, Map.of(), Serializers.string(), valueSerializer);
        }

        @Bean
        KafkaTemplate<String, Object> kafkaTemplate(ProducerFactory<String, Object> producerFactory) {
            return new KafkaTemplate<>(producerFactory);
        }

        @Bean
        ConsumerFactory<String, Object> consumerFactory(ConnectionManager connections, Serializer<Object> valueSerializer, Environment environment) {
            Map<String, Object> config = new TreeMap<>();
            config.put("auto.offset.reset", "earliest");
            String protocol = environment.getProperty("protocol", "classic");
            config.put("group.protocol", protocol);
            if (protocol.equals("classic")) {
                config.put("session.timeout.ms", environment.getProperty("session", "6000"));
                config.put("heartbeat.interval.ms", "500");
            }
            return new DefaultKafkaConsumerFactory<>(connections, config, Serializers.string(), valueSerializer);
        }

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, Object> kafkaListenerContainerFactory(ConsumerFactory<String, Object> consumerFactory) {
            return new ConcurrentKafkaListenerContainerFactory<>(consumerFactory);
        }
    }

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final Map<String, Object> properties = new TreeMap<>();

    /** An application of that broker, not started; its values are JSON. */
    public TestApplication(String servers) {
        properties.put("servers", servers);
        properties.put("values", "json");
        context.register(Config.class);
    }

    /** Sets a property. */
    public TestApplication with(String key, Object value) {
        properties.put(key, value);
        return this;
    }

    /** Adds a bean. */
    public <T> TestApplication with(T bean) {
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) bean.getClass();
        context.registerBean(type, () -> bean);
        return this;
    }

    /** Adds a configuration. */
    public TestApplication withConfiguration(Class<?> configuration) {
        context.register(configuration);
        return this;
    }

    /** Changes the factory of containers before they are made. */
    public TestApplication factory(Consumer<ConcurrentKafkaListenerContainerFactory<?, ?>> change) {
        context.addBeanFactoryPostProcessor(beans -> beans.addBeanPostProcessor(new org.springframework.beans.factory.config.BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof ConcurrentKafkaListenerContainerFactory<?, ?> factory) {
                    change.accept(factory);
                }
                return bean;
            }
        }));
        return this;
    }

    /** Starts it. */
    public TestApplication start() {
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
        context.refresh();
        return this;
    }

    /** The template. */
    @SuppressWarnings("unchecked")
    public KafkaTemplate<String, Object> template() {
        return context.getBean(KafkaTemplate.class);
    }

    /** A listener's container. */
    public MessageListenerContainer container(String id) {
        return context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer(id);
    }

    /** A bean. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
