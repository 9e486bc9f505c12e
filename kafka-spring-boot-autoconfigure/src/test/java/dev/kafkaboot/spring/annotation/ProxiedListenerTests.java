package dev.kafkaboot.spring.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.record.TimestampType;
import dev.kafkaboot.spring.config.KafkaListenerContainerFactory;
import dev.kafkaboot.spring.config.KafkaListenerEndpoint;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.listener.MessageListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.Async;

/** Listeners on beans with a proxy around them, as {@code @Transactional}, {@code @Validated} and {@code @Async} put there. Nothing is started. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the listener methods are called by reflection
class ProxiedListenerTests {

    private final List<String> calls = new ArrayList<>();
    private @Nullable KafkaListenerEndpoint endpoint;

    static class ByClass {

        private final List<String> got = new ArrayList<>();

        @KafkaListener(id = "x", topics = "a")
        void listen(String text) {
            got.add(text);
        }

        List<String> got() {
            return got;
        }
    }

    interface Listener {

        void listen(String text);
    }

    static class ByInterface implements Listener {

        private final List<String> got = new ArrayList<>();

        @Override
        @KafkaListener(id = "x", topics = "a")
        public void listen(String text) {
            got.add(text);
        }
    }

    static class NotInTheInterface implements Comparable<NotInTheInterface> {

        @KafkaListener(id = "x", topics = "a")
        public void listen(String text) {}

        @Override
        public int compareTo(NotInTheInterface other) {
            return 0;
        }
    }

    static class PrivateMethod {

        @KafkaListener(id = "x", topics = "a")
        private void listen(String text) {}
    }

    static class FinalMethod {

        @KafkaListener(id = "x", topics = "a")
        final void listen(String text) {}
    }

    static class InTheBackground {

        @Async
        @KafkaListener(id = "x", topics = "a")
        public void listen(String text) {}
    }

    static class InTheBackgroundWithAFuture {

        @Async
        @KafkaListener(id = "x", topics = "a")
        public CompletableFuture<Void> listen(String text) {
            return CompletableFuture.completedFuture(null);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, -1", "true, 2147483647", "false, -1", "false, 2147483647"})
    void proxyIsCalledWhetherItIsPutThereBeforeOrAfterTheListenerIsFound(boolean ofTheClass, int order) throws Exception {
        try (AnnotationConfigApplicationContext context = start(ofTheClass ? ByClass.class : ByInterface.class, ofTheClass, order)) {
            listener().onMessage(record("text"), null, null);

            assertThat(calls).containsExactly("listen");
            assertThat(context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainerIds()).containsExactly("x");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, -1", "true, 2147483647", "false, -1", "false, 2147483647"})
    void proxyIsCalledOfABeanThatIsMadeLater(boolean ofTheClass, int order) throws Exception {
        try (AnnotationConfigApplicationContext context =
                start(ofTheClass ? ByClass.class : ByInterface.class, ofTheClass, order, definition -> definition.setLazyInit(true))) {
            assertThat(context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainerIds()).isEmpty();
            context.getBean("bean");

            listener().onMessage(record("text"), null, null);

            assertThat(calls).containsExactly("listen");
        }
    }

    @Test
    void methodThatTheProxyDoesNotShowIsRefused() {
        assertRefused(NotInTheInterface.class, /* ofTheClass= */ false, "method listen(String)", "pull the method up to an interface");
        assertRefused(PrivateMethod.class, /* ofTheClass= */ true, "method listen(String)", "package or protected");
    }

    @Test
    void finalMethodIsRefusedBecauseItWouldRunOnTheEmptyProxy() {
        assertRefused(FinalMethod.class, /* ofTheClass= */ true, "method listen(String)", "is final");
    }

    @Test
    void backgroundCallThatNobodyCanWaitForIsRefused() throws Exception {
        assertRefused(InTheBackground.class, /* ofTheClass= */ true, "method listen(String)", "has @Async", "return a CompletableFuture");
        start(InTheBackgroundWithAFuture.class, /* ofTheClass= */ true, -1).close();
    }

    private void assertRefused(Class<?> bean, boolean ofTheClass, String... parts) {
        assertThatThrownBy(() -> start(bean, ofTheClass, -1).close())
                .isInstanceOf(InvalidKafkaListenerException.class)
                .hasMessageStartingWith("@KafkaListener on bean 'bean', ")
                .hasMessageContainingAll(parts);
    }

    private AnnotationConfigApplicationContext start(Class<?> bean, boolean ofTheClass, int order) {
        return start(bean, ofTheClass, order, definition -> {});
    }

    private AnnotationConfigApplicationContext start(Class<?> bean, boolean ofTheClass, int order, BeanDefinitionCustomizer definition) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(ListenerAnnotationTests.Config.class);
        // Defined last, so that of the same order it comes after the one that finds listeners.
        context.addBeanFactoryPostProcessor(factory -> context.registerBean("proxies", Proxies.class, () -> new Proxies(ofTheClass, order, calls)));
        context.registerBean("keeping", KeepingEndpoints.class, () -> new KeepingEndpoints(this));
        context.registerBean("bean", bean, definition);
        context.refresh();
        return context;
    }

    private MessageListener<byte[], byte[]> listener() {
        @SuppressWarnings("unchecked")
        MessageListener<byte[], byte[]> listener = (MessageListener<byte[], byte[]>) Objects.requireNonNull(endpoint).createListener(
                new KafkaListenerEndpoint.ListenerContext("x", "x", null, AckMode.BATCH, Serializers.string(), Serializers.string()));
        return listener;
    }

    private static ConsumerRecord<byte[], byte[]> record(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>("a", 0, 0, 0, TimestampType.CREATE_TIME, null, bytes, new Headers(), Optional.empty(), -1, bytes.length);
    }

    /** Puts a proxy around the bean of that name, at its turn among all processors. */
    private record Proxies(boolean ofTheClass, int order, List<String> calls) implements BeanPostProcessor, Ordered {

        @Override
        public int getOrder() {
            return order;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (!beanName.equals("bean")) {
                return bean;
            }
            ProxyFactory proxy = new ProxyFactory(bean);
            proxy.setProxyTargetClass(ofTheClass);
            proxy.addAdvice((MethodInterceptor) call -> {
                calls.add(call.getMethod().getName());
                return call.proceed();
            });
            return proxy.getProxy();
        }
    }

    /** Keeps the endpoint that a factory of containers is given. */
    private record KeepingEndpoints(ProxiedListenerTests test) implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
            if (bean instanceof KafkaListenerContainerFactory<?> factory) {
                return (KafkaListenerContainerFactory<?>) given -> {
                    test.endpoint = given;
                    return factory.createListenerContainer(given);
                };
            }
            return bean;
        }
    }
}
