package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.spring.annotation.KafkaHandler;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What {@code spring.main.lazy-initialization} leaves as it is. */
class LazyInitializationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(context -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
            .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
            .withPropertyValues("kafka.bootstrap-servers=127.0.0.1:1");

    static class ByMethod {

        @KafkaListener(id = "by-method", topics = "orders", autoStartup = "false")
        void listen(String order) {}

        @KafkaListener(id = "by-method-too", topics = "orders", autoStartup = "false")
        @KafkaListener(id = "by-method-twice", topics = "orders", autoStartup = "false")
        void listenTwice(String order) {}
    }

    @KafkaListener(id = "by-class", topics = "orders", autoStartup = "false")
    static class ByClass {

        @KafkaHandler
        void listen(String order) {}
    }

    static class OnlyRepeated {

        @KafkaListener(id = "repeated", topics = "orders", autoStartup = "false")
        @KafkaListener(id = "repeated-too", topics = "orders", autoStartup = "false")
        void listen(String order) {}
    }

    static class NoListener {}

    @Test
    void listenersAreRegisteredAlthoughNobodyAsksForTheirBeans() {
        runner.withBean(ByMethod.class).withBean(ByClass.class).withBean(OnlyRepeated.class).run(context ->
                assertThat(context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainerIds()).containsExactlyInAnyOrder(
                        "by-method", "by-method-too", "by-method-twice", "by-class", "repeated", "repeated-too"));
    }

    @Test
    void otherBeansStayLazy() {
        runner.withBean("other", NoListener.class).run(context ->
                assertThat(context.getSourceApplicationContext().getBeanFactory().containsSingleton("other")).isFalse());
    }
}
