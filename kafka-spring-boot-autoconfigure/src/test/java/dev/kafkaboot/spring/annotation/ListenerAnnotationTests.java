package dev.kafkaboot.spring.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.config.ConcurrentKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.ContainerProperties;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import dev.kafkaboot.spring.support.Acknowledgment;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.implementation.StubMethod;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

/** From annotations to containers. Nothing is started. */
class ListenerAnnotationTests {

    @Configuration(proxyBeanMethods = false)
    @EnableKafka
    static class Config {

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>(
                    new DefaultKafkaConsumerFactory<>(
                            Map.of("bootstrap.servers", "localhost:1", "group.id", "factory"), Serializers.string(), Serializers.string()));
            factory.setAutoStartup(false);
            return factory;
        }

        @Bean
        List<String> topicNames() {
            return List.of("c", "d");
        }
    }

    public static class Full {

        public String[] topics() {
            return new String[] {"e", "f"};
        }

        @KafkaListener(
                id = "${prefix}-full",
                topics = {"a", "${topic}", "#{topicNames}", "#{__listener.topics()}"},
                groupId = "#{'group-' + '${prefix}'}",
                clientIdPrefix = "client",
                concurrency = "#{1 + 2}",
                autoStartup = "${absent:false}",
                properties = {"max.poll.records=7", "fetch.min.bytes=1\nfetch.max.wait.ms:20"},
                ackMode = "manual",
                info = "note")
        void listen(String text, Acknowledgment acknowledgment) {}
    }

    @Test
    void everyAttributeTakesPlaceholdersAndExpressions() {
        try (AnnotationConfigApplicationContext context = start(Full.class)) {
            MessageListenerContainer container = context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("test-full");

            assertThat(container).isNotNull();
            ContainerProperties properties = container.getContainerProperties();
            assertThat(properties.getTopics()).containsExactly("a", "b", "c", "d", "e", "f");
            assertThat(container.getGroupId()).isEqualTo("group-test");
            assertThat(properties.getClientId()).isEqualTo("client");
            assertThat(properties.getConcurrency()).isEqualTo(3);
            assertThat(container.isAutoStartup()).isFalse();
            assertThat(properties.getAckMode()).isEqualTo(AckMode.MANUAL);
            assertThat(properties.getListenerInfo()).isEqualTo("note");
            assertThat(properties.getKafkaConsumerProperties())
                    .containsOnly(Map.entry("max.poll.records", "7"), Map.entry("fetch.min.bytes", "1"), Map.entry("fetch.max.wait.ms", "20"));
        }
    }

    static class Groups {

        @KafkaListener(id = "own", topics = "a")
        void idIsGroup(String text) {}

        @KafkaListener(id = "not", idIsGroup = false, topics = "a")
        void idIsNotGroup(String text) {}

        @KafkaListener(topics = "a")
        void generated(String text) {}
    }

    @Test
    void idIsTheGroupUnlessToldOtherwise() {
        try (AnnotationConfigApplicationContext context = start(Groups.class)) {
            KafkaListenerEndpointRegistry registry = context.getBean(KafkaListenerEndpointRegistry.class);

            assertThat(registry.getListenerContainerIds()).containsExactlyInAnyOrder("own", "not", "bean.generated");
            assertThat(registry.getListenerContainer("own").getGroupId()).isEqualTo("own");
            assertThat(registry.getListenerContainer("not").getGroupId()).isEqualTo("factory");
            assertThat(registry.getListenerContainer("bean.generated").getGroupId()).isEqualTo("factory");
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @KafkaListener(topics = "meta", concurrency = "2")
    @interface MetaListener {

        @AliasFor(annotation = KafkaListener.class, attribute = "id")
        String value();
    }

    static class Composed {

        @MetaListener("composed")
        @KafkaListener(id = "first", topics = "a")
        @KafkaListener(id = "second", topics = "b")
        void listen(String text) {}
    }

    @Test
    void annotationMayBeRepeatedAndStandOnAnother() {
        try (AnnotationConfigApplicationContext context = start(Composed.class)) {
            KafkaListenerEndpointRegistry registry = context.getBean(KafkaListenerEndpointRegistry.class);

            assertThat(registry.getListenerContainerIds()).containsExactlyInAnyOrder("first", "second", "composed");
            assertThat(registry.getListenerContainer("composed").getContainerProperties().getTopics()).containsExactly("meta");
            assertThat(registry.getListenerContainer("composed").getContainerProperties().getConcurrency()).isEqualTo(2);
        }
    }

    static class WrongAckMode {

        @KafkaListener(id = "x", topics = "a", ackMode = "MANAUL")
        void bill(String text) {}
    }

    @Test
    void unknownAckModeIsRefusedWithTheOnesThatThereAre() {
        assertRefused(WrongAckMode.class, "bean 'bean'", "method bill(String)", "'ackMode'", "RECORD, BATCH and MANUAL", "'MANAUL'");
    }

    static class NoTopics {

        @KafkaListener(id = "x")
        void bill(String text) {}
    }

    static class EmptyTopics {

        @KafkaListener(id = "x", topics = "${none:}")
        void bill(String text) {}
    }

    @Test
    void listenerWithoutTopicsIsRefused() {
        assertRefused(NoTopics.class, "method bill(String)", "'topics' is missing");
        assertRefused(EmptyTopics.class, "method bill(String)", "'topics' names no topic", "${none:}");
    }

    static class WrongNumber {

        @KafkaListener(id = "x", topics = "a", concurrency = "many")
        void bill(String text) {}
    }

    static class TooSmall {

        @KafkaListener(id = "x", topics = "a", concurrency = "0")
        void bill(String text) {}
    }

    @Test
    void concurrencyThatIsNoNumberOrTooSmallIsRefused() {
        assertRefused(WrongNumber.class, "'concurrency'", "'many'");
        assertRefused(TooSmall.class, "'concurrency'", "at least 1");
    }

    static class WrongPlaceholder {

        @KafkaListener(id = "x", topics = "${not.there}")
        void bill(String text) {}
    }

    @Test
    void placeholderThatCannotBeResolvedIsRefusedWithItsAttribute() {
        assertRefused(WrongPlaceholder.class, "method bill(String)", "'topics'", "${not.there}");
    }

    static class WrongFactory {

        @KafkaListener(id = "x", topics = "a", containerFactory = "nothingOfThatName")
        void bill(String text) {}
    }

    @Test
    void containerFactoryThatIsNotThereIsRefused() {
        assertRefused(WrongFactory.class, "'containerFactory'", "'nothingOfThatName'");
    }

    static class SameId {

        @KafkaListener(id = "x", topics = "a")
        void first(String text) {}

        @KafkaListener(id = "x", topics = "b")
        void second(String text) {}
    }

    @Test
    void secondListenerOfAnIdIsRefused() {
        assertRefused(SameId.class, "'id'", "'x' is on bean 'bean', method ");
    }

    /** As a compiler without {@code -parameters} would write it. */
    private static Class<?> withoutParameterNames(AnnotationDescription header) {
        return new ByteBuddy().subclass(Object.class)
                .defineMethod("listen", void.class, Visibility.PUBLIC)
                .withParameter(String.class)
                .withParameter(String.class).annotateParameter(header)
                .intercept(StubMethod.INSTANCE)
                .annotateMethod(AnnotationDescription.Builder.ofType(KafkaListener.class).define("id", "x").defineArray("topics", "a").build())
                .make().load(ListenerAnnotationTests.class.getClassLoader()).getLoaded();
    }

    private static AnnotationDescription.Builder header() {
        return AnnotationDescription.Builder.ofType(Header.class);
    }

    @Test
    void headerWithoutANameIsRefusedWhereNothingNamesTheParameter() {
        assertRefused(withoutParameterNames(header().build()), "@Header without a name", "parameter 2", "'-parameters'");
    }

    @Test
    void headerWithANameNeedsNoNameOfTheParameter() {
        start(withoutParameterNames(header().define("name", "tenant").build())).close();
        start(withoutParameterNames(header().define("value", "tenant").build())).close();
    }

    @KafkaListener(id = "x", topics = "a")
    static class SameType {

        @KafkaHandler
        void first(String text) {}

        @KafkaHandler
        void second(String text) {}
    }

    @KafkaListener(id = "x", topics = "a")
    static class NoHandlers {

        void first(String text) {}
    }

    @KafkaListener(id = "x", topics = "a")
    static class TwoDefaults {

        @KafkaHandler(isDefault = true)
        void first(String text) {}

        @KafkaHandler(isDefault = true)
        void second(Object any) {}
    }

    @Test
    void handlersThatCannotBeToldApartAreRefused() {
        assertRefused(SameType.class, "bean 'bean'", "class " + SameType.class.getName(), "java.lang.String", "first(String)", "second(String)");
        assertRefused(NoHandlers.class, "no @KafkaHandler method");
        assertRefused(TwoDefaults.class, "the default", "first(String)", "second(Object)");
    }

    static class HandlerOfNoListener {

        @KafkaHandler
        void first(String text) {}
    }

    @Test
    void handlerInAClassThatIsNoListenerIsRefusedBecauseItWouldNeverBeCalled() {
        assertThatThrownBy(() -> start(HandlerOfNoListener.class).close())
                .hasRootCauseInstanceOf(InvalidKafkaListenerException.class)
                .hasMessageContainingAll(
                        "@KafkaListener on bean 'bean', class " + HandlerOfNoListener.class.getName(), "is missing", "first(String) has @KafkaHandler");
    }

    @KafkaListener(id = "of-class", topics = "a")
    static class ClassAndMethod {

        @KafkaHandler
        void handle(String text) {}

        @KafkaListener(id = "of-method", topics = "b")
        void listen(String text) {}
    }

    @Test
    void classAndMethodOfOneBeanMayBothBeListeners() {
        try (AnnotationConfigApplicationContext context = start(ClassAndMethod.class)) {
            assertThat(context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainerIds()).containsExactlyInAnyOrder("of-class", "of-method");
        }
    }

    static class BatchOfRecords {

        @KafkaListener(id = "x", topics = "a")
        void bill(List<ConsumerRecord<String, String>> records) {}
    }

    static class BatchOfMessages {

        @KafkaListener(id = "x", topics = "a")
        void bill(Message<String>[] messages) {}
    }

    static class AllRecords {

        @KafkaListener(id = "x", topics = "a")
        void bill(ConsumerRecords<String, String> records) {}
    }

    @Test
    void batchesAreRefusedBecauseNoRecordCouldBeReadAsOne() {
        assertRefused(BatchOfRecords.class, "method bill(List)", "List<dev.kafkaboot.client.consumer.ConsumerRecord", "one record at a time");
        assertRefused(BatchOfMessages.class, "method bill(Message[])", "one record at a time");
        assertRefused(AllRecords.class, "method bill(ConsumerRecords)", "one record at a time");
    }

    static class RecordOfApaches {

        @KafkaListener(id = "x", topics = "a")
        void bill(org.apache.kafka.clients.consumer.ConsumerRecord<String, String> record) {}
    }

    static class RecordsOfApaches {

        @KafkaListener(id = "x", topics = "a")
        void bill(List<org.apache.kafka.clients.consumer.ConsumerRecord<String, String>> records) {}
    }

    @Test
    void typesOfApachesClientAreRefusedWithTheirNamesakesPlace() {
        assertRefused(RecordOfApaches.class, "takes org.apache.kafka.clients.consumer.ConsumerRecord", "import the ConsumerRecord of dev.kafkaboot");
        assertRefused(RecordsOfApaches.class, "takes org.apache.kafka.clients.consumer.ConsumerRecord");
    }

    static class PartOfThePayload {

        @KafkaListener(id = "x", topics = "a")
        void bill(@Payload("id") String id) {}
    }

    @Test
    void partOfAPayloadIsRefused() {
        assertRefused(PartOfThePayload.class, "method bill(String)", "@Payload with an expression");
    }

    static class Validated {

        @KafkaListener(id = "x", topics = "a")
        void bill(@org.springframework.validation.annotation.Validated String text) {}
    }

    @Test
    void payloadThatIsToBeValidatedWhereNothingValidatesIsRefused() {
        assertRefused(Validated.class, "method bill(String)", "@Validated", "there is no validator", "KafkaListenerConfigurer");
    }

    static class ForEachCall {

        @KafkaListener(id = "scoped", topics = "a")
        void bill(String text) {}
    }

    @Test
    void listenerBehindAScopedProxyIsOneListenerHoweverManyTargetsThereAre() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Config.class, ScopedListener.class);
            context.refresh();
            ForEachCall proxy = context.getBean(ForEachCall.class);

            proxy.bill("one target");
            proxy.bill("another target");

            assertThat(context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainerIds()).containsExactly("scoped");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ScopedListener {

        @Bean
        @Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
        ForEachCall forEachCall() {
            return new ForEachCall();
        }
    }

    static class NeedsManual {

        @KafkaListener(id = "x", topics = "a")
        void bill(String text, Acknowledgment acknowledgment) {}
    }

    @Test
    void acknowledgmentWithoutManualModeIsRefusedAtTheStart() {
        assertRefused(NeedsManual.class, "method bill(String, Acknowledgment)", "not MANUAL");
    }

    private static void assertRefused(Class<?> bean, String... parts) {
        assertThatThrownBy(() -> start(bean).close())
                .isInstanceOf(InvalidKafkaListenerException.class)
                .hasMessageStartingWith("@KafkaListener on bean 'bean', ")
                .hasMessageContainingAll(parts);
    }

    private static AnnotationConfigApplicationContext start(Class<?> bean) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", Map.of("prefix", "test", "topic", "b")));
        context.register(Config.class);
        context.registerBean("bean", bean);
        context.refresh();
        return context;
    }
}
