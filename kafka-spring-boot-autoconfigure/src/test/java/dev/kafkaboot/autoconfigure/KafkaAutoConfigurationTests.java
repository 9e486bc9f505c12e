package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerInterceptor;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.Partitioner;
import dev.kafkaboot.client.producer.ProducerInterceptor;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.config.ConcurrentKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.core.DefaultKafkaProducerFactory;
import dev.kafkaboot.spring.core.KafkaAdmin;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.spring.core.ProducerFactory;
import dev.kafkaboot.spring.core.SharedConnections;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.support.serializer.JacksonJsonSerializer;
import dev.kafkaboot.test.FakeKafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.Ordered;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import tools.jackson.databind.json.JsonMapper;

/** No broker is needed: nothing is connected while a context starts. */
class KafkaAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    @Test
    void theUsualBeansAreThereOnce() {
        runner.run(context -> {
            assertThat(context)
                    .hasSingleBean(ConnectionManager.class)
                    .hasSingleBean(ProducerFactory.class)
                    .hasSingleBean(KafkaProducer.class)
                    .hasSingleBean(KafkaTemplate.class)
                    .hasSingleBean(ConsumerFactory.class)
                    .hasSingleBean(KafkaAdminClient.class)
                    .hasSingleBean(KafkaAdmin.class)
                    .hasSingleBean(ConcurrentKafkaListenerContainerFactory.class)
                    .hasSingleBean(KafkaListenerEndpointRegistry.class);
            assertThat(context.getBean(KafkaTemplate.class).getProducerFactory()).isSameAs(context.getBean(ProducerFactory.class));
            assertThat(context.getBean(ProducerFactory.class).getProducer()).isSameAs(context.getBean(KafkaProducer.class));
        });
    }

    @Test
    void theMasterSwitchLeavesNothing() {
        runner.withPropertyValues("kafka.enabled=false", "kafka.producer.acks=two").run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(ConnectionManager.class)
                .doesNotHaveBean(KafkaProperties.class)
                .doesNotHaveBean(KafkaTemplate.class)
                .doesNotHaveBean(KafkaListenerEndpointRegistry.class));
    }

    @Test
    void withoutTheSpringPartThereIsNothing() {
        runner.withClassLoader(new FilteredClassLoader(KafkaTemplate.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ConnectionManager.class));
    }

    @Test
    void everyClientGivesWayToTheApplicationsOwn() {
        try (ConnectionManager own = ConnectionManager.connect("127.0.0.1:1")) {
            ProducerFactory<String, String> producers =
                    new DefaultKafkaProducerFactory<>(own, Map.of(), Serializers.string(), Serializers.string());
            runner.withBean("own", ConnectionManager.class, () -> own)
                    .withBean("ownProducers", ProducerFactory.class, () -> producers)
                    .withBean("ownProducer", KafkaProducer.class, producers::getProducer)
                    .withBean("ownTemplate", KafkaTemplate.class, () -> new KafkaTemplate<>(producers))
                    .withBean("ownConsumers", ConsumerFactory.class, () ->
                            new DefaultKafkaConsumerFactory<>(own, Map.of(), Serializers.string(), Serializers.string()))
                    .withBean("ownAdminClient", KafkaAdminClient.class, () -> KafkaAdminClient.builder().connections(own).build())
                    .run(context -> assertThat(context)
                            .hasSingleBean(ConnectionManager.class)
                            .hasSingleBean(ProducerFactory.class)
                            .hasSingleBean(KafkaProducer.class)
                            .hasSingleBean(KafkaTemplate.class)
                            .hasSingleBean(ConsumerFactory.class)
                            .hasSingleBean(KafkaAdminClient.class));
        }
    }

    @Test
    void connectionsAreClosedAfterEverythingThatUsesThem() {
        runner.run(context -> {
            ConnectionManager connections = context.getBean(ConnectionManager.class);
            assertThat(context.getBeanFactory().getDependentBeans("kafkaConnectionManager")).contains("kafkaSharedConnections");
            assertThat(context.getBeanFactory().getDependentBeans("kafkaSharedConnections"))
                    .contains("kafkabootProducerFactory", "kafkabootConsumerFactory", "kafkaAdminClient");

            context.getSourceApplicationContext().close();

            assertThat(connections.loop().isRunning()).isFalse();
        });
    }

    @Test
    void clientsShareConnectionsUnlessTheyAskOtherServersOrConnectInAnotherWay() {
        runner.withPropertyValues("kafka.producer.client-id=b", "kafka.producer.properties.request.timeout.ms=7")
                .run(context -> assertThat(context.getBean(SharedConnections.class).all()).containsExactly(context.getBean(ConnectionManager.class)));
        runner.withPropertyValues("kafka.producer.bootstrap-servers=127.0.0.1:2", "kafka.admin.properties.connections.max.idle.ms=7").run(context -> {
            List<ConnectionManager> all = context.getBean(SharedConnections.class).all();
            assertThat(all).hasSize(3).startsWith(context.getBean(ConnectionManager.class));

            context.getSourceApplicationContext().close();

            assertThat(all).noneMatch(connections -> connections.loop().isRunning());
        });
    }

    @Test
    void keysAreTextAndValuesAreJsonByDefault() {
        runner.run(context -> {
            ConsumerFactory<?, ?> consumers = context.getBean(ConsumerFactory.class);

            assertThat(consumers.getKeySerializer()).isSameAs(Serializers.string());
            assertThat(consumers.getValueSerializer()).isInstanceOf(JacksonJsonSerializer.class);
        });
    }

    @Test
    void withoutJacksonValuesAreText() {
        runner.withClassLoader(new FilteredClassLoader(JsonMapper.class)).run(context ->
                assertThat(context.getBean(ConsumerFactory.class).getValueSerializer()).isSameAs(Serializers.string()));
    }

    @Test
    void withoutJacksonJsonIsRefusedWithTheArtifactToAdd() {
        runner.withClassLoader(new FilteredClassLoader(JsonMapper.class)).withPropertyValues("kafka.consumer.value-deserializer=json")
                .run(context -> assertThat(failure(context.getStartupFailure()))
                        .contains("Property: kafka.consumer.value-deserializer").contains("add tools.jackson.core:jackson-databind"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes", "org.apache.kafka.common.serialization.ByteArrayDeserializer"})
    void aSerializerIsNamedByAWellKnownNameOrByApaches(String name) {
        runner.withPropertyValues("kafka.consumer.value-deserializer=" + name)
                .run(context -> assertThat(context.getBean(ConsumerFactory.class).getValueSerializer()).isSameAs(Serializers.bytes()));
    }

    @Test
    void aSerializerIsNamedByItsBean() {
        runner.withBean("mine", Upper.class, Upper::new).withPropertyValues("kafka.consumer.value-deserializer=mine").run(context ->
                assertThat(context.getBean(ConsumerFactory.class).getValueSerializer()).isSameAs(context.getBean(Upper.class)));
    }

    @Test
    void aSerializerIsNamedByItsClass() {
        runner.withPropertyValues("kafka.consumer.key-deserializer=" + Upper.class.getName())
                .run(context -> assertThat(context.getBean(ConsumerFactory.class).getKeySerializer()).isInstanceOf(Upper.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.producer.value-serializer=jsn                      | did you mean 'json'?
            spring.kafka.consumer.value-deserializer=org.springframework.kafka.support.serializer.ErrorHandlingDeserializer | name the deserializer that it delegates to
            kafka.producer.value-serializer=java.lang.String         | does not implement dev.kafkaboot.client.serialization.Serializer
            kafka.consumer.key-deserializer=no.such.Type             | it must be one of [bytes, integer, json, long, string, uuid]
            """)
    void aSerializerThatCannotBeIsRefused(String property, String reason) {
        runner.withPropertyValues(property).run(context -> assertThat(failure(context.getStartupFailure()))
                .contains("Property: " + property.substring(0, property.indexOf('='))).contains(reason));
    }

    @Test
    void settingsThatDoNotGoTogetherAreNamedAsProperties() {
        runner.withPropertyValues("kafka.producer.delivery-timeout=1s", "kafka.producer.properties.request.timeout.ms=5000")
                .run(context -> assertThat(failure(context.getStartupFailure()))
                        .contains("Property: kafka.producer.delivery-timeout").contains("linger.ms + request.timeout.ms"));
    }

    @Test
    void listenerPropertiesReachTheContainers() {
        container("kafka.listener.ack-mode=record", properties -> assertThat(properties.getAckMode()).isEqualTo(AckMode.RECORD));
        container("kafka.listener.client-id=c", properties -> assertThat(properties.getClientId()).isEqualTo("c"));
        container("kafka.listener.concurrency=7", properties -> assertThat(properties.getConcurrency()).isEqualTo(7));
        container("kafka.listener.poll-timeout=2s", properties -> assertThat(properties.getPollTimeout()).isEqualTo(Duration.ofSeconds(2)));
        container("kafka.listener.shutdown-timeout=2s", properties -> assertThat(properties.getShutdownTimeout()).isEqualTo(Duration.ofSeconds(2)));
        container("kafka.listener.revocation-timeout=2s", properties ->
                assertThat(properties.getRevocationTimeout()).isEqualTo(Duration.ofSeconds(2)));
        container("kafka.listener.max-queued-records=2", properties -> assertThat(properties.getMaxQueuedRecords()).isEqualTo(2));
    }

    @Test
    void listenersHaveTheLibrarysDefaultsUnlessToldOtherwise() {
        ContainerProperties defaults = new ContainerProperties();
        container("kafka.listener.auto-startup=true", properties -> assertThat(properties)
                .usingRecursiveComparison().isEqualTo(defaults));
    }

    @Test
    void virtualThreadsRunListenersWhereTheyAreOnAndTheJvmHasThem() {
        boolean hasThem = Runtime.version().feature() >= 21;

        container("spring.threads.virtual.enabled=true", properties ->
                assertThat(properties.getListenerTaskExecutor() instanceof VirtualThreadTaskExecutor).isEqualTo(hasThem));
    }

    @Test
    void customizersChangeTheClientsInTheirOrder() {
        runner.withBean(KafkaProducerCustomizer.class, () -> builder -> builder.bufferMemory(4_000_000))
                .run(context -> assertThat(context.getBean(KafkaProducer.class).bufferCapacityBytes()).isEqualTo(4_000_000));
    }

    @Test
    void interceptorBeansSeeEveryRecordInTheirOrder() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);
            runner.withBean("second", Suffix.class, () -> new Suffix("-2", 2)).withBean("first", Suffix.class, () -> new Suffix("-1", 1))
                    .withPropertyValues("kafka.bootstrap-servers=" + kafka.bootstrapServers()).run(context -> {
                        @SuppressWarnings("unchecked")
                        KafkaTemplate<String, String> template = context.getBean(KafkaTemplate.class);

                        template.send("orders", "value").get(20, TimeUnit.SECONDS);

                        assertThat(kafka.<String>ask(cluster -> String.valueOf(cluster.log("orders", 0).records().get(0).valueText()))).contains("value-1-2");
                    });
        }
    }

    @Test
    void interceptorBeansAreClosedByTheContextOnce() {
        AtomicInteger closed = new AtomicInteger();
        runner.withBean(ProducerInterceptor.class, () -> new ProducerInterceptor<Object, Object>() {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        }).run(context -> {
            context.getBean(KafkaProducer.class).close();

            assertThat(closed).as("closed by a producer").hasValue(0);
        });

        assertThat(closed).hasValue(1);
    }

    @Test
    void consumerInterceptorBeansSeeWhatConsumersOfTheirTypesRead() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);
            kafka.tell(cluster -> cluster.log("orders", 0).append("key", "value"));
            runner.withBean("text", ConsumerInterceptor.class, () -> new OfText(heard)).withBean("any", ConsumerInterceptor.class, () -> new OfAny(heard))
                    .withPropertyValues("kafka.bootstrap-servers=" + kafka.bootstrapServers(), "kafka.consumer.value-deserializer=string")
                    .run(context -> {
                        ConsumerFactory<?, ?> factory = context.getBean(ConsumerFactory.class);

                        readTheFirst(factory.createConsumer(Map.of("group.id", "typed")));
                        assertThat(heard).containsExactlyInAnyOrder("text value", "any String");

                        heard.clear();
                        readTheFirst(factory.createBytesConsumer(Map.of("group.id", "bytes")));
                        assertThat(heard).as("text is not what listeners' consumers read").containsExactly("any byte[]");
                    });
        }
        assertThat(heard).as("the context closes its beans").contains("text closed");
    }

    private static void readTheFirst(KafkaConsumer<?, ?> consumer) {
        try (consumer) {
            consumer.assign(List.of(new TopicPartition("orders", 0)));
            consumer.seek(new TopicPartition("orders", 0), 0);
            assertThat(consumer.poll(Duration.ofSeconds(20)).count()).isEqualTo(1);
        }
    }

    private record OfText(List<String> heard) implements ConsumerInterceptor<String, String> {

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            records.forEach(record -> heard.add("text " + record.value()));
            return records;
        }

        @Override
        public void close() {
            heard.add("text closed");
        }
    }

    private record OfAny(List<String> heard) implements ConsumerInterceptor<Object, Object> {

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            records.forEach(record -> heard.add("any " + Objects.requireNonNull(record.value()).getClass().getSimpleName()));
            return records;
        }
    }

    private record Suffix(String text, int getOrder) implements ProducerInterceptor<Object, Object>, Ordered {

        @Override
        public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
            return new ProducerRecord<>(record.topic(), record.partition(), record.timestamp(), record.key(), record.value() + text, record.headers());
        }
    }

    @Test
    void aPartitionerBeanChoosesThePartitions() {
        AtomicReference<String> asked = new AtomicReference<>();
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 5);
            runner.withBean(Partitioner.class, () -> (topic, key, value, partitions) -> {
                asked.set(topic);
                return partitions.count() - 1;
            }).withPropertyValues("kafka.bootstrap-servers=" + kafka.bootstrapServers()).run(context -> {
                @SuppressWarnings("unchecked")
                KafkaTemplate<String, String> template = context.getBean(KafkaTemplate.class);

                assertThat(template.send("orders", "value").get(20, TimeUnit.SECONDS).getRecordMetadata().partition()).isEqualTo(4);
                assertThat(asked).hasValue("orders");
            });
        }
    }

    @Test
    void aConfigurationThatIsNotFromPropertiesIsNamedByItsKeys() {
        runner.withBean(KafkaProducerCustomizer.class, () -> builder -> builder.config("compression.type", "zip")).run(context ->
                assertThat(failure(context.getStartupFailure())).contains("Property: compression.type").contains("Value: \"zip\""));
    }

    @Test
    void theTemplateHasItsDefaultTopic() {
        runner.withPropertyValues("kafka.template.default-topic=orders")
                .run(context -> assertThat(context.getBean(KafkaTemplate.class).getDefaultTopic()).isEqualTo("orders"));
    }

    private void container(String property, Consumer<ContainerProperties> assertions) {
        runner.withPropertyValues(property).run(context ->
                assertions.accept(context.getBean(ConcurrentKafkaListenerContainerFactory.class).getContainerProperties()));
    }

    private static String failure(@Nullable Throwable failure) {
        FailureAnalysis analysis = new InvalidKafkaPropertiesFailureAnalyzer().analyze(Objects.requireNonNull(failure));
        return Objects.requireNonNull(analysis).getDescription();
    }

    /** A serializer of the application's own. */
    public static final class Upper implements Serializer<String> {

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String data) {
            return Serializers.string().serialize(topic, headers, data == null ? null : data.toUpperCase(Locale.ROOT));
        }

        @Override
        public @Nullable String deserialize(String topic, Headers headers, byte @Nullable [] data) {
            return Serializers.string().deserialize(topic, headers, data);
        }
    }
}
