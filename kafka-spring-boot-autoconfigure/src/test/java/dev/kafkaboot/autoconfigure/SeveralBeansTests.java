package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.ConcurrentKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.ContainerCustomizer;
import dev.kafkaboot.spring.core.ConsumerFactory;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.spring.core.SharedConnections;
import dev.kafkaboot.spring.listener.DefaultErrorHandler;
import dev.kafkaboot.spring.listener.RecordErrorHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** An application has more than one bean of a kind of which one is used, or all in their order. */
@ExtendWith(OutputCaptureExtension.class)
class SeveralBeansTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    private static JsonMapper indenting() {
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    }

    @SuppressWarnings("unchecked")
    private static String written(AssertableApplicationContext context) {
        Serializer<Object> values = (Serializer<Object>) context.getBean(JsonSerializers.class).forValues();
        byte[] bytes = values.serialize("orders", new Headers(), Map.of("id", 1));
        return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }

    @Configuration(proxyBeanMethods = false)
    static class PrimaryMapper {

        @Bean
        JsonMapper other() {
            return JsonMapper.builder().build();
        }

        @Bean
        @Primary
        JsonMapper preferred() {
            return indenting();
        }
    }

    @Test
    void ofSeveralMappersThePrimaryOneWrites(CapturedOutput output) {
        runner.withUserConfiguration(PrimaryMapper.class).run(context -> assertThat(written(context)).contains("\n"));

        assertThat(output).doesNotContain("JsonMapper");
    }

    @Test
    void ofSeveralMappersWithoutAPrimaryOneNoneWritesAndTheLogSaysSo(CapturedOutput output) {
        runner.withBean("one", JsonMapper.class, SeveralBeansTests::indenting).withBean("two", JsonMapper.class, SeveralBeansTests::indenting)
                .run(context -> assertThat(written(context)).isEqualTo("{\"id\":1}"));

        assertThat(output).containsOnlyOnce("There are several JsonMapper beans and none of them is @Primary");
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoConsumerFactories {

        @Bean
        ConsumerFactory<String, String> one(SharedConnections connections) {
            return new DefaultKafkaConsumerFactory<>(connections, Map.of(), Serializers.string(), Serializers.string());
        }

        @Bean
        ConsumerFactory<String, String> two(SharedConnections connections) {
            return one(connections);
        }

        @KafkaListener(id = "orders", topics = "orders")
        void listen(String order) {}
    }

    @Test
    void ofSeveralConsumerFactoriesWithoutAPrimaryOneTheListenerSaysThatNoneIsUsed() {
        runner.withUserConfiguration(TwoConsumerFactories.class).run(context -> assertThat(context).hasFailed().getFailure()
                .hasMessageContaining("there are several ConsumerFactory beans, [one, two], and none of them is @Primary"));
    }

    @Test
    void ofSeveralErrorHandlersWithoutAPrimaryOneNoneIsUsedAndTheLogSaysSo(CapturedOutput output) {
        runner.withBean("one", RecordErrorHandler.class, DefaultErrorHandler::new).withBean("two", RecordErrorHandler.class, DefaultErrorHandler::new)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ConcurrentKafkaListenerContainerFactory.class));

        assertThat(output).containsOnlyOnce("There are several RecordErrorHandler beans and none of them is @Primary");
    }

    @Test
    void ofOneErrorHandlerTheLogSaysNothing(CapturedOutput output) {
        runner.withBean(RecordErrorHandler.class, DefaultErrorHandler::new).run(context -> assertThat(context).hasNotFailed());

        assertThat(output).doesNotContain("RecordErrorHandler");
    }

    /** Declared the other way round. */
    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        private final List<String> called = new ArrayList<>();

        @Bean
        @Order(2)
        ContainerCustomizer secondOfContainers() {
            return container -> called.add("container 2");
        }

        @Bean
        @Order(1)
        ContainerCustomizer firstOfContainers() {
            return container -> called.add("container 1");
        }

        @Bean
        @Order(2)
        KafkaProducerCustomizer secondOfProducers() {
            return builder -> called.add("producer 2");
        }

        @Bean
        @Order(1)
        KafkaProducerCustomizer firstOfProducers() {
            return builder -> called.add("producer 1");
        }
    }

    @Test
    void customizersAreCalledInTheirOrder() {
        runner.withUserConfiguration(Customizers.class).run(context -> {
            List<String> called = context.getBean(Customizers.class).called;
            assertThat(called).containsExactly("producer 1", "producer 2");

            ConcurrentKafkaListenerContainerFactory<?, ?> factory = context.getBean(ConcurrentKafkaListenerContainerFactory.class);
            factory.createContainer("billing", record -> {}, "orders");

            assertThat(called).containsExactly("producer 1", "producer 2", "container 1", "container 2");
        });
    }
}
