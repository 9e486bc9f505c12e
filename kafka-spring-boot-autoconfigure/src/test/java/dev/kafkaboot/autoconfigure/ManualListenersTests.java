package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.spring.annotation.KafkaHandler;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.ConcurrentKafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.ContainerCustomizer;
import dev.kafkaboot.spring.listener.AcknowledgingMessageListener;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.KafkaMessageListenerContainer;
import dev.kafkaboot.spring.listener.MessageListener;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

/** Listeners in ack mode MANUAL, and who says that their records are done. None of them starts. */
@ExtendWith(OutputCaptureExtension.class)
class ManualListenersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withPropertyValues("kafka.bootstrap-servers=localhost:1", "kafka.listener.auto-startup=false", "kafka.listener.ack-mode=manual");

    static class NeverSaying {

        @KafkaListener(id = "audit", topics = "orders")
        void listen(String value) {}
    }

    @Test
    void methodThatCannotAcknowledgeIsRefused() {
        runner.withBean("audit", NeverSaying.class).run(context -> assertThat(context).hasFailed().getFailure().hasStackTraceContaining(
                "Listener 'audit' (bean 'audit', method listen(String)) has the ack mode MANUAL, but listen(String) takes no Acknowledgment"));
    }

    @Test
    void modeThatACustomizerSetsIsTheOneThatCounts() {
        ContainerCustomizer customizer = container -> container.getContainerProperties().setAckMode(AckMode.RECORD);

        runner.withBean(NeverSaying.class).withBean(ContainerCustomizer.class, () -> customizer).run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void modeOfItsOwnIsTheOneThatCounts() {
        runner.withBean(OfItsOwn.class).run(context -> assertThat(context).hasNotFailed());
    }

    static class OfItsOwn {

        @KafkaListener(id = "audit", topics = "orders", ackMode = "BATCH")
        void listen(String value) {}
    }

    @KafkaListener(id = "handlers", topics = "orders")
    static class NoneSaying {

        @KafkaHandler
        void listen(String value) {}

        @KafkaHandler(isDefault = true)
        void other(Object value) {}
    }

    @Test
    void classOfWhichNoMethodCanAcknowledgeIsRefused() {
        runner.withBean(NoneSaying.class).run(context -> assertThat(context).hasFailed().getFailure()
                .hasStackTraceContaining("has the ack mode MANUAL, but").hasStackTraceContaining("other(Object)"));
    }

    @KafkaListener(id = "handlers", topics = "orders")
    static class OneSaying {

        @KafkaHandler
        void listen(String value, Acknowledgment acknowledgment) {}

        @KafkaHandler(isDefault = true)
        void other(Object value) {
            throw new IllegalArgumentException("unknown"); // so it is given up, which is done as well
        }
    }

    @Test
    void classOfWhichSomeMethodsCannotAcknowledgeIsToldOnly(CapturedOutput output) {
        runner.withBean(OneSaying.class).run(context -> assertThat(context).hasNotFailed());

        assertThat(output).contains("Listener 'handlers'", "has the ack mode MANUAL, but other(Object) takes no Acknowledgment");
    }

    static class Committing {

        @KafkaListener(id = "committing", topics = "orders")
        void listen(ConsumerRecord<String, String> record, KafkaConsumer<?, ?> consumer) {}
    }

    @Test
    void methodThatMayCommitByTheConsumerIsToldOnly(CapturedOutput output) {
        runner.withBean(Committing.class).run(context -> assertThat(context).hasNotFailed());

        assertThat(output).contains("listen(ConsumerRecord, KafkaConsumer) takes no Acknowledgment");
    }

    static class InHeaders {

        @KafkaListener(id = "message", topics = "orders")
        void message(Message<String> message) {}

        @KafkaListener(id = "headers", topics = "orders")
        void headers(String value, @Headers Map<String, Object> headers) {}

        @KafkaListener(id = "header", topics = "orders")
        void header(String value, @Header(KafkaHeaders.ACKNOWLEDGMENT) Object acknowledgment) {}

        @KafkaListener(id = "nullable", topics = "orders")
        void nullable(String value, @Nullable Acknowledgment acknowledgment) {}
    }

    @Test
    void acknowledgmentMayBeTakenFromTheHeaders(CapturedOutput output) {
        runner.withBean(InHeaders.class).run(context -> assertThat(context).hasNotFailed());

        assertThat(output).doesNotContain("takes no Acknowledgment");
    }

    @Test
    void listenerThatIsNoMethodIsToldOnlyWhenItStarts(CapturedOutput output) {
        AcknowledgingMessageListener<String, String> acknowledging = (record, acknowledgment) -> {};

        runner.run(context -> {
            start(context.getBean(ConcurrentKafkaListenerContainerFactory.class), "silent", record -> {});
            start(context.getBean(ConcurrentKafkaListenerContainerFactory.class), "saying", acknowledging);
        });

        assertThat(output).contains("Listener 'silent' has the ack mode MANUAL").doesNotContain("Listener 'saying' has the ack mode MANUAL");
    }

    private static void start(ConcurrentKafkaListenerContainerFactory<?, ?> factory, String id, MessageListener<String, String> listener) {
        KafkaMessageListenerContainer<?, ?> container = factory.createContainer(id, listener, "orders");
        container.getContainerProperties().setGroupId(id);
        container.start();
        container.stop();
    }
}
