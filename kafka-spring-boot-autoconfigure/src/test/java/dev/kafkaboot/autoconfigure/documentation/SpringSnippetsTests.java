package dev.kafkaboot.autoconfigure.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.KafkaAutoConfiguration;
import dev.kafkaboot.autoconfigure.KafkaListenerAutoConfiguration;
import dev.kafkaboot.spring.core.ProducerFactory;
import dev.kafkaboot.test.FakeKafkaServer;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What README.md and docs/spring-boot.md show. */
@Timeout(120)
class SpringSnippetsTests {

    private static final String README = "README.md";
    private static final String PAGE = "docs/spring-boot.md";

    private final SnippetCompiler compiler;

    SpringSnippetsTests(@TempDir Path directory) {
        compiler = new SnippetCompiler(directory, "dev.kafkaboot.autoconfigure.*", "dev.kafkaboot.autoconfigure.test.*", "dev.kafkaboot.spring.annotation.*",
                "dev.kafkaboot.spring.core.*", "dev.kafkaboot.spring.support.ShareAcknowledgment", "org.springframework.beans.factory.*", "org.springframework.beans.factory.annotation.*",
                "org.springframework.boot.SpringApplication", "org.springframework.boot.test.context.SpringBootTest",
                "org.springframework.context.annotation.*", "org.springframework.messaging.handler.annotation.*", "org.springframework.stereotype.Component",
                "static org.assertj.core.api.Assertions.*", "static org.awaitility.Awaitility.*");
    }

    private static ApplicationContextRunner application(FakeKafkaServer kafka) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class))
                .withPropertyValues("kafka.bootstrap-servers=" + kafka.bootstrapServers(), "kafka.consumer.auto-offset-reset=earliest");
    }

    /** The bodies, which the page leaves out, note what they get. */
    @Test
    void listenerOfTheReadmeHearsWhatItsTemplateSends() throws Exception {
        String noting = Snippet.of(README, 1).code().replaceAll("\\((.*) (\\w+)\\) \\{ \\.\\.\\. \\}", "($1 $2) { Sending.HEARD.add(String.valueOf($2)); }");
        assertThat(noting).doesNotContain("...");
        Class<?> sending = compiler.compile("Sending", noting + """
                record OrderPlaced(String id, int amount) {}
                record OrderCancelled(String id) {}
                final class Sending {
                    static final List<String> HEARD = new CopyOnWriteArrayList<>();
                    final KafkaTemplate<String, Object> kafkaTemplate;
                    Sending(KafkaTemplate<String, Object> kafkaTemplate) {
                        this.kafkaTemplate = kafkaTemplate;
                    }
                    public List<String> send() {
                        OrderPlaced order = new OrderPlaced("O-1", 42);
                """ + Snippet.of(README, 2).code() + """
                        return HEARD;
                    }
                }
                """);
        Class<?> listener = Class.forName("documented.OrderTotals", true, sending.getClassLoader());
        Method send = sending.getDeclaredMethod("send");
        send.setAccessible(true);

        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);
            application(kafka).withClassLoader(sending.getClassLoader()).withUserConfiguration(listener, sending).run(context -> {
                Object heard = send.invoke(context.getBean(sending));

                await().untilAsserted(() -> assertThat(heard).isEqualTo(List.of("OrderPlaced[id=O-1, amount=42]")));
            });
        }
    }

    @Test
    void testOfTheReadmeIsOne() throws Exception {
        Class<?> test = compiler.compile("OrderTotalsTests", Snippet.of(README, 3).code() + """
                record OrderPlaced(String id, int amount) {}
                interface OrderTotals {
                    int total();
                }
                """);

        assertThat(test.getDeclaredMethod("placedOrderCounts").isAnnotationPresent(Test.class)).isTrue();
    }

    @Test
    void factoryOfOnesOwnSends() throws Exception {
        Class<?> configuration = compiler.compile("Factories", "record Order(String id) {}\n@Configuration(proxyBeanMethods = false) class Factories {\n"
                + Snippet.of(PAGE, 1).code() + "}\n");

        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);
            application(kafka).withUserConfiguration(configuration).run(context ->
                    assertThat(context.getBean(ProducerFactory.class)).isSameAs(context.getBean("orders")));
        }
    }

    @Test
    void listenersOfShareGroupsAreAccepted() throws Exception {
        Class<?> listeners = compiler.compile("Shipping", "record Order(String id) {}\nclass Shipping {\n" + Snippet.of(PAGE, 2).withEmptyBodies() + "}\n");

        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);
            application(kafka).withClassLoader(listeners.getClassLoader()).withUserConfiguration(listeners).run(context ->
                    await().untilAsserted(() -> assertThat(kafka.<List<String>>ask(cluster -> List.of(cluster.group("shipping").type(), cluster.group("packing").type())))
                            .containsExactly("share", "share")));
        }
    }

    @Test
    void testOnARealBrokerAndAMainWithOneAreCompiled() throws Exception {
        Class<?> test = compiler.compile("OrdersTests", Snippet.of(PAGE, 3).withEmptyBodies());
        Class<?> main = compiler.compile("Main", "class Main {\nvoid run(String... args) {\n" + Snippet.of(PAGE, 4).code() + """
                }
                }
                class OrdersApplication {
                    public static void main(String... args) {}
                }
                """);

        assertThat(List.of(test, main)).extracting(Class::getSimpleName).containsExactly("OrdersTests", "Main");
    }

    /** So that one that comes is not forgotten. */
    @Test
    void thereAreNoOthers() {
        Map<String, Integer> snippets = Snippet.pages().stream().filter(page -> !Snippet.in(page).isEmpty())
                .collect(Collectors.toMap(page -> page, page -> Snippet.in(page).size()));

        assertThat(snippets).isEqualTo(Map.of(README, 3, "docs/clients.md", 8, "docs/network.md", 3, "docs/protocol.md", 9, "docs/security.md", 1, "docs/share-consumer.md", 1, PAGE, 4,
                "docs/testing.md", 4));
    }
}
