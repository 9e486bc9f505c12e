package dev.kafkaboot.autoconfigure.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.TestKafka;
import dev.kafkaboot.test.fake.FakeRecord;
import dev.kafkaboot.test.junit.KafkaCluster;
import dev.kafkaboot.test.junit.KafkaKind;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/testing.md shows. */
@Timeout(120)
class TestingSnippetsTests {

    private static final String PAGE = "docs/testing.md";

    @TempDir
    private Path directory;

    private SnippetCompiler compiler() {
        return new SnippetCompiler(directory);
    }

    /** Which the sample runs. */
    @Test
    void listenerInTenLinesIsATestOfTheSample() {
        String test = Snippet.read("samples/orders/src/test/java/dev/kafkaboot/samples/orders/OrderListenerTests.java");

        assertThat(bare(test)).contains(bare(Snippet.of(PAGE, 1).code()));
    }

    private static String bare(String code) {
        return code.replace("private ", "").replaceAll("\\s+", " ");
    }

    @Test
    void testOfJunitGetsACluster() throws Exception {
        Class<?> test = compiler().compile("OrdersTest", Snippet.of(PAGE, 2).code());
        Constructor<?> constructor = test.getDeclaredConstructor();
        Method method = test.getDeclaredMethod("orderIsStored", TestKafka.class);
        constructor.setAccessible(true);
        method.setAccessible(true);

        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            method.invoke(constructor.newInstance(), kafka);

            assertThat(kafka.<Integer>ask(cluster -> cluster.log("orders", 0).records().size() + cluster.log("orders", 1).records().size()
                    + cluster.log("orders", 2).records().size())).isEqualTo(1);
        }
        assertThat(test.getAnnotation(KafkaCluster.class).value()).isEqualTo(KafkaKind.FAKE);
        assertThat(method.isAnnotationPresent(Test.class)).isTrue();
    }

    @Test
    void fakeDoesOnDemandWhatABrokerDoesOnceAYear() throws Exception {
        Object written = compiler().run("""
                try (FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().brokers(3))) {
                    kafka.createTopic("orders", 1);
                    kafka.tell(cluster -> cluster.log("orders", 0).append("O-1", "placed"));
                """ + Snippet.of(PAGE, 3).code() + """
                    return written;
                }
                """, "");

        assertThat(written).asInstanceOf(InstanceOfAssertFactories.list(FakeRecord.class))
                .extracting(FakeRecord::valueText).containsExactly("placed");
    }

    @Test
    void proxyDisturbsConnections() throws Exception {
        Object values = compiler().run("""
                try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
                    kafka.createTopic("orders", 1);
                """ + Snippet.of(PAGE, 4).code() + """
                    return kafka.ask(cluster -> cluster.log("orders", 0).records().stream().map(FakeRecord::valueText).toList());
                }
                """, """
                static void connectTo(String servers) {
                    try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                            .bootstrapServers(servers).build()) {
                        producer.send("orders", "O-1", "placed").join();
                    }
                }
                """);

        assertThat(values).isEqualTo(List.of("placed"));
    }
}
