package dev.kafkaboot.spring.listener.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.record.TimestampType;
import dev.kafkaboot.spring.annotation.KafkaHandler;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.KafkaNull;
import dev.kafkaboot.spring.support.serializer.JacksonJsonSerializer;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import kotlin.coroutines.Continuation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.handler.annotation.support.MessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.util.ReflectionUtils;

/** What listener methods get. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // the listener methods are called by reflection
class MethodMessageListenerTests {

    record Order(String id, int amount) {}

    record Cancelled(String id) {}

    interface Named {}

    record Both(String id) implements Named, Comparable<Both> {

        @Override
        public int compareTo(Both other) {
            return id.compareTo(other.id);
        }
    }

    private static final Serializer<?> JSON = JacksonJsonSerializer.create();

    private final List<HandlerMethodArgumentResolver> custom = new ArrayList<>();
    private final List<Object> got = new ArrayList<>();
    private final Headers headers = new Headers();
    private @Nullable Acknowledgment acknowledgment;

    @Test
    void payloadIsReadAsItsParameterSays() throws Exception {
        call(new Object() {
            void listen(Order order) {
                got.add(order);
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}");

        assertThat(got).containsExactly(new Order("a", 3));
    }

    record Tenant(String name) {}

    @Test
    void parameterThatTheApplicationResolvesItselfIsNoPayload() throws Exception {
        custom.add(new HandlerMethodArgumentResolver() {
            @Override
            public boolean supportsParameter(MethodParameter parameter) {
                return parameter.getParameterType() == Tenant.class;
            }

            @Override
            public Object resolveArgument(MethodParameter parameter, Message<?> message) {
                return new Tenant("t");
            }
        });

        call(new Object() {
            void listen(Tenant tenant, Order order) {
                got.addAll(List.of(tenant, order));
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}");

        assertThat(got).containsExactly(new Tenant("t"), new Order("a", 3));
    }

    @Test
    void attemptIsANumber() throws Exception {
        headers.add(KafkaHeaders.DELIVERY_ATTEMPT, new byte[] {0, 0, 1, 2});
        call(new Object() {
            void listen(String text, @Header(KafkaHeaders.DELIVERY_ATTEMPT) int attempt) {
                got.addAll(List.of(text, attempt));
            }
        }, Serializers.string(), "text");

        assertThat(got).containsExactly("text", 258);
    }

    abstract class Generic<T> {

        void listen(Map<String, ? extends List<T>> payload) {
            got.add(payload);
        }
    }

    @Test
    void typeVariablesOfAPayloadAreWhatTheClassOfTheBeanSays() throws Exception {
        call(new Generic<Order>() {}, JSON, "{\"k\":[{\"id\":\"a\",\"amount\":3}]}");

        assertThat(got).containsExactly(Map.of("k", List.of(new Order("a", 3))));
    }

    @Test
    void everythingElseIsFoundByAnnotationOrType() throws Exception {
        headers.add("trace", "abc").add("count", "7").add("raw", new byte[] {1});
        acknowledgment = new NoAcknowledgment();
        call(new Object() {
            void listen(
                    @Payload Order order,
                    @Header(KafkaHeaders.RECEIVED_TOPIC) String topic,
                    @Header(KafkaHeaders.RECEIVED_PARTITION) int partition,
                    @Header(KafkaHeaders.OFFSET) long offset,
                    @Header(KafkaHeaders.RECEIVED_KEY) UUID key,
                    @Header("trace") String trace,
                    @Header("count") int count,
                    @Header("raw") byte[] raw,
                    @Header(name = "absent", required = false) String absent,
                    @org.springframework.messaging.handler.annotation.Headers Map<String, Object> all,
                    MessageHeaders messageHeaders,
                    Message<Order> message,
                    ConsumerRecord<String, Order> record,
                    Acknowledgment given) {
                got.addAll(Arrays.asList(order, topic, partition, offset, key, trace, count, raw[0], absent, all.get(KafkaHeaders.GROUP_ID),
                        messageHeaders.getId(), message.getPayload(), record.value(), record.key(), given == acknowledgment));
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}");

        Order order = new Order("a", 3);
        assertThat(got).containsExactly(
                order, "orders", 2, 42L, UUID.fromString("00000000-0000-0001-0000-000000000002"), "abc", 7, (byte) 1, null, "billing", null, order, order,
                "00000000-0000-0001-0000-000000000002", true);
    }

    @Test
    void textIsReadAsJsonWhereTheParameterWantsAnObject() throws Exception {
        call(new Object() {
            void listen(Order order, ConsumerRecord<String, String> record) {
                got.add(order);
                got.add(record.value());
            }
        }, Serializers.string(), "{\"id\":\"a\",\"amount\":3}");

        assertThat(got).containsExactly(new Order("a", 3), "{\"id\":\"a\",\"amount\":3}");
    }

    @Test
    void textBecomesANumberWhereTheParameterWantsOne() throws Exception {
        call(new Object() {
            void listen(int number) {
                got.add(number);
            }
        }, Serializers.string(), "12");

        assertThat(got).containsExactly(12);
    }

    @Test
    void emptyTextIsAPayload() throws Exception {
        call(new Object() {
            void listen(String text) {
                got.add(text);
            }
        }, Serializers.string(), "");

        assertThat(got).containsExactly("");
    }

    @Test
    void recordWithoutAValueIsNullWhereThatIsAllowed() throws Exception {
        call(new Object() {
            void listen(@Payload(required = false) Order order) {
                got.add(order);
            }
        }, JSON, null);
        call(new Object() {
            void listen(KafkaNull none) {
                got.add(none);
            }
        }, JSON, null);
        call(new Object() {
            void listen(Optional<Order> order) {
                got.add(order);
            }
        }, JSON, null);

        assertThat(got).containsExactly(null, KafkaNull.INSTANCE, Optional.empty());
    }

    @Test
    void recordWithoutAValueIsRefusedWhereOneIsNeeded() {
        assertThatThrownBy(() -> call(new Object() {
            void listen(Order order) {
                got.add(order);
            }
        }, JSON, null)).isInstanceOf(MethodArgumentResolutionException.class);
    }

    @Test
    void consumerRecordHasTheValueThatItsTypeSays() throws Exception {
        call(new Object() {
            void listen(ConsumerRecord<String, Order> record) {
                got.add(record.value());
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}");
        call(new Object() {
            void listen(ConsumerRecord<String, ?> record) {
                got.add(record.value());
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}");

        assertThat(got).containsExactly(new Order("a", 3), Map.of("id", "a", "amount", 3));
    }

    @Test
    void valueThatNobodyTakesIsNotRead() throws Exception {
        call(new Object() {
            void listen(@Header(KafkaHeaders.OFFSET) long offset) {
                got.add(offset);
            }
        }, JSON, "{not JSON");

        assertThat(got).containsExactly(42L);
    }

    @Test
    void futureThatIsReturnedIsWaitedForAndItsFailureIsTheRecords() {
        assertThatThrownBy(() -> call(new Object() {
            CompletableFuture<String> listen(String text) {
                return CompletableFuture.failedFuture(new IllegalStateException("no " + text));
            }
        }, Serializers.string(), "luck")).isInstanceOf(ExecutionException.class).hasRootCauseMessage("no luck");
    }

    @Test
    void futureOfAnyKindIsWaitedFor() {
        FutureTask<String> task = new FutureTask<>(() -> {
            throw new IllegalStateException("no luck");
        });
        task.run();

        assertThatThrownBy(() -> call(new Object() {
            Future<String> listen(String text) {
                return task;
            }
        }, Serializers.string(), "luck")).isInstanceOf(ExecutionException.class).hasRootCauseMessage("no luck");
    }

    @Test
    void exceptionOfTheMethodComesAsItIs() {
        assertThatThrownBy(() -> call(new Object() {
            void listen(String text) {
                throw new UnsupportedOperationException(text);
            }
        }, Serializers.string(), "x")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void handlerIsChosenByTheTypeOfThePayload() throws Exception {
        Handlers handlers = new Handlers();
        headers.add("__TypeId__", Cancelled.class.getName());
        callHandlers(handlers, JSON, "{\"id\":\"a\"}");
        headers.remove("__TypeId__").add("__TypeId__", Order.class.getName());
        callHandlers(handlers, JSON, "{\"id\":\"a\",\"amount\":3}");
        callHandlers(handlers, Serializers.string(), "{\"id\":\"b\",\"amount\":4}");

        assertThat(got).containsExactly(new Cancelled("a"), new Order("a", 3), new Order("b", 4));
    }

    @Test
    void defaultHandlerTakesWhatNoOtherTakes() throws Exception {
        headers.add("__TypeId__", "com.example.Unknown");
        callHandlers(new Handlers(), JSON, "{\"id\":\"a\"}");
        callHandlers(new Handlers(), Serializers.string(), "plain");

        assertThat(got).containsExactly("default " + Map.of("id", "a"), "default plain");
    }

    @Test
    void recordWithoutAValueGoesToTheHandlerOfKafkaNull() throws Exception {
        callHandlers(new Handlers(), JSON, null);

        assertThat(got).containsExactly("none");
    }

    class Handlers {

        @KafkaHandler
        void order(Order order) {
            got.add(order);
        }

        @KafkaHandler
        void cancelled(Cancelled cancelled) {
            got.add(cancelled);
        }

        @KafkaHandler
        void none(@Payload(required = false) KafkaNull none) {
            got.add("none");
        }

        @KafkaHandler(isDefault = true)
        void other(Object other) {
            got.add("default " + other);
        }
    }

    @Test
    void mostSpecificHandlerTakesThePayload() throws Exception {
        headers.add("__TypeId__", Order.class.getName());
        callHandlers(new Object() {
            @KafkaHandler
            void record(Record any) {
                got.add("record");
            }

            @KafkaHandler
            void order(Order order) {
                got.add("order");
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}");

        assertThat(got).containsExactly("order");
    }

    @Test
    void onlyHandlerGetsNoRecordOfAnotherType() {
        headers.add("__TypeId__", Cancelled.class.getName());
        Object handlers = new Object() {
            @KafkaHandler
            void order(Order order) {
                got.add(order);
            }
        };

        assertThatThrownBy(() -> callHandlers(handlers, JSON, "{\"id\":\"a\",\"amount\":3,\"reason\":\"none\"}")).isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> callHandlers(handlers, Serializers.string(), "{\"id\":\"a\",\"amount\":3,\"reason\":\"none\"}")).isInstanceOf(SerializationException.class);

        assertThat(got).isEmpty();
    }

    @Test
    void payloadThatTwoHandlersTakeEquallyIsAnErrorThatNamesBoth() {
        headers.add("__TypeId__", Both.class.getName());
        assertThatThrownBy(() -> callHandlers(new Object() {
            @KafkaHandler
            void named(Named named) {}

            @KafkaHandler
            void comparable(Comparable<Both> comparable) {}
        }, JacksonJsonSerializer.create().withTrusted(Both.class), "{\"id\":\"a\"}"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("named(Named)")
                .hasMessageContaining("comparable(Comparable)");
    }

    @Test
    void twoHandlersOfOneTypeAreRefused() {
        assertThatThrownBy(() -> callHandlers(new Object() {
            @KafkaHandler
            void first(Order order) {}

            @KafkaHandler
            void second(Order order) {}
        }, JSON, "{}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Order.class.getName())
                .hasMessageContaining("first(Order)")
                .hasMessageContaining("second(Order)");
    }

    @Test
    void twoPayloadsAreRefused() {
        assertThatThrownBy(() -> call(new Object() {
            void listen(Order order, String text) {}
        }, JSON, "{}")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two parameters for the payload");
    }

    @Test
    void acknowledgmentWithoutManualModeIsRefused() {
        assertThatThrownBy(() -> listener(JSON, ListenerMethods.of(method(new Object() {
            void listen(Order order, Acknowledgment acknowledgment) {}
        }, "listen")), false)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not MANUAL");
    }

    @Test
    void repliesAreRefusedUntilTheyAreThere() {
        assertThatThrownBy(() -> call(new Object() {
            @SendTo("replies")
            String listen(Order order) {
                return "reply";
            }
        }, JSON, "{}")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("@SendTo");
    }

    @Test
    void suspendFunctionsAreRefused() {
        assertThatThrownBy(() -> call(new Object() {
            Object listen(ConsumerRecord<String, String> record, Continuation<?> continuation) {
                return got.add(record);
            }
        }, JSON, "{}")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("suspend function");
        assertThatThrownBy(() -> call(new Object() {
            Object listen(Order order, Continuation<?> continuation) {
                return got.add(order);
            }
        }, JSON, "{}")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("suspend function");

        assertThat(got).isEmpty();
    }

    @Test
    void accessorsOfHeadersAreNoPayload() throws Exception {
        headers.add("trace", "abc");
        call(new Object() {
            void listen(MessageHeaderAccessor accessor, Order order) {
                got.addAll(List.of(accessor.getHeader(KafkaHeaders.OFFSET), order));
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}");
        call(new Object() {
            void listen(SimpMessageHeaderAccessor accessor) {
                got.add("none");
            }
        }, JSON, "{not JSON");

        assertThat(got).containsExactly(42L, new Order("a", 3), "none");
    }

    static class OwnAccessor extends MessageHeaderAccessor {}

    @Test
    void accessorsThatWrapNoMessageAreRefused() {
        assertThatThrownBy(() -> call(new Object() {
            void listen(OwnAccessor accessor) {}
        }, JSON, "{}")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("OwnAccessor");
    }

    static class Subscription implements Flow.Publisher<String> {

        @Override
        public void subscribe(Flow.Subscriber<? super String> subscriber) {}
    }

    @Test
    void methodThatReturnsWhatNobodySubscribesToIsRefusedWhereItsClassSaysSo() {
        assertThatThrownBy(() -> call(new Inheriting(), JSON, "{}")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("returns Subscription");
    }

    static class Base<R> {

        R listen(Order order) {
            return null;
        }
    }

    static class Inheriting extends Base<Subscription> {}

    @Test
    void recordOfWhichTheMethodReturnsWhatNobodySubscribesToIsNotDone() {
        assertThatThrownBy(() -> call(new Object() {
            Object listen(Order order) {
                return new Subscription();
            }
        }, JSON, "{\"id\":\"a\",\"amount\":3}")).isInstanceOf(IllegalStateException.class).hasMessageContaining("listen(Order) returned a Subscription");
    }

    private MessageHandlerMethodFactory factory() {
        return ArgumentResolvers.methodFactory(new StaticListableBeanFactory(), custom, null);
    }

    private void call(Object bean, Serializer<?> valueSerializer, @Nullable String value) throws Exception {
        onMessage(listener(valueSerializer, ListenerMethods.of(method(bean, "listen")), true), value);
    }

    private void callHandlers(Object bean, Serializer<?> valueSerializer, @Nullable String value) throws Exception {
        List<ListenerMethod> methods = Arrays.stream(bean.getClass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(KafkaHandler.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> method(bean, method.getName()))
                .toList();
        onMessage(listener(valueSerializer, ListenerMethods.ofHandlers(methods), true), value);
    }

    private ListenerMethod method(Object bean, String name) {
        Method method = Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(bean.getClass()))
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        KafkaHandler handler = method.getAnnotation(KafkaHandler.class);
        return new ListenerMethod(factory().createInvocableHandlerMethod(bean, method), bean.getClass(), handler != null && handler.isDefault(), custom);
    }

    private static MethodMessageListener listener(Serializer<?> valueSerializer, ListenerMethods methods, boolean acknowledges) {
        return new MethodMessageListener(methods, Serializers.string(), valueSerializer, "billing", null, acknowledges);
    }

    private void onMessage(MethodMessageListener listener, @Nullable String value) throws Exception {
        byte[] key = "00000000-0000-0001-0000-000000000002".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        listener.onMessage(
                new ConsumerRecord<>("orders", 2, 42, 1234, TimestampType.CREATE_TIME, key, bytes, headers, Optional.empty(), key.length, -1),
                acknowledgment, null);
    }

    private static final class NoAcknowledgment implements Acknowledgment {

        @Override
        public void acknowledge() {}

        @Override
        public void nack(Duration sleep) {}
    }
}
