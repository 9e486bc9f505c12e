package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.AlterConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is configured, and how that is changed. */
class ConfigsTest {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte GROUP = 32;
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private final FakeKafka cluster = FakeKafka.builder().minInsyncReplicas(2).build();
    private final TestClient client = new TestClient(cluster, 1, "admin");

    @BeforeEach
    void createTopic() {
        cluster.createTopic("orders", 1, 1, Map.of("retention.ms", "1000"));
    }

    private DescribeConfigsResult describe(byte type, String name, @Nullable String... keys) {
        DescribeConfigsResource resource = new DescribeConfigsResource()
                .resourceType(type)
                .resourceName(name)
                .configurationKeys(keys.length == 0 ? null : Arrays.stream(keys).map(Objects::requireNonNull).toList());
        return client.ask(new DescribeConfigsRequest().resources(List.of(resource)).includeSynonyms(true)).results().get(0);
    }

    private DescribeConfigsResourceResult describeOne(String key) {
        return describe(TOPIC, "orders", key).configs().get(0);
    }

    private ErrorCode alter(byte type, String name, byte operation, String key, @Nullable String value) {
        AlterableConfig config = new AlterableConfig().name(key).configOperation(operation).value(value);
        AlterConfigsResource resource = new AlterConfigsResource().resourceType(type).resourceName(name).configs(List.of(config));
        return ErrorCode.forCode(
                client.ask(new IncrementalAlterConfigsRequest().resources(List.of(resource))).responses().get(0).errorCode());
    }

    private Map<String, String> ofTopic() {
        return Objects.requireNonNull(cluster.topics().find("orders")).configs();
    }

    @Test
    void settingsOfANewerReleaseAreNotThereBefore() {
        FakeKafka newer = FakeKafka.builder().release("4.4").build();
        newer.createTopic("orders", 1, 1, Map.of("remote.copy.lag.ms", "-1"));
        DescribeConfigsRequest request = new DescribeConfigsRequest().resources(List.of(new DescribeConfigsResource()
                .resourceType(TOPIC)
                .resourceName("orders")
                .configurationKeys(List.of("max.decompressed.message.bytes", "remote.copy.lag.ms"))));

        DescribeConfigsResult of44 = new TestClient(newer, 1, "admin").ask(request).results().get(0);
        DescribeConfigsResult of43 = client.ask(request).results().get(0);

        assertThat(of44.configs()).extracting(DescribeConfigsResourceResult::value).containsExactly("2147483639", "-1");
        assertThat(of43.configs()).isEmpty();
        assertThat(alter(TOPIC, "orders", SET, "remote.copy.lag.ms", "-1")).isEqualTo(ErrorCode.INVALID_CONFIG);
    }

    @Test
    void whatIsSetIsToldBeforeTheDefault() {
        DescribeConfigsResourceResult set = describeOne("retention.ms");
        DescribeConfigsResourceResult unset = describeOne("cleanup.policy");

        assertThat(set.value()).isEqualTo("1000");
        assertThat(set.configSource()).isEqualTo((byte) 1);
        assertThat(set.synonyms()).extracting(synonym -> synonym.source() + synonym.value()).containsExactly("11000", "5604800000");
        assertThat(unset.value()).isEqualTo("delete");
        assertThat(unset.configSource()).isEqualTo((byte) 5);
        assertThat(unset.configType()).isEqualTo((byte) 7);
    }

    @Test
    void theClustersOwnDefaultsAreTold() {
        assertThat(describeOne("min.insync.replicas").value()).isEqualTo("2");
    }

    @Test
    void everythingIsToldWhereNothingIsNamed() {
        assertThat(describe(TOPIC, "orders").configs()).hasSizeGreaterThan(30).isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
    }

    @Test
    void whatIsNotThereCannotBeDescribed() {
        assertThat(describe(TOPIC, "nothing").errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(describe(BROKER, "9").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(describe((byte) 99, "x").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void anIncrementalChangeLeavesTheRest() {
        assertThat(alter(TOPIC, "orders", SET, "max.message.bytes", "2000")).isEqualTo(ErrorCode.NONE);
        assertThat(ofTopic()).containsExactlyInAnyOrderEntriesOf(Map.of("retention.ms", "1000", "max.message.bytes", "2000"));

        assertThat(alter(TOPIC, "orders", DELETE, "retention.ms", null)).isEqualTo(ErrorCode.NONE);
        assertThat(ofTopic()).containsExactly(Map.entry("max.message.bytes", "2000"));
    }

    @Test
    void listsAreAppendedToAndSubtractedFrom() {
        alter(TOPIC, "orders", APPEND, "cleanup.policy", "compact");
        String appended = describeOne("cleanup.policy").value();
        alter(TOPIC, "orders", SUBTRACT, "cleanup.policy", "delete");
        String subtracted = describeOne("cleanup.policy").value();

        assertThat(appended).isEqualTo("delete,compact");
        assertThat(subtracted).isEqualTo("compact");
        assertThat(alter(TOPIC, "orders", APPEND, "retention.ms", "1")).isEqualTo(ErrorCode.INVALID_CONFIG);
    }

    @Test
    void wrongChangesChangeNothing() {
        assertThat(alter(TOPIC, "orders", SET, "retention.ms", "soon")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(alter(TOPIC, "orders", SET, "retention.msec", "1")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(alter(TOPIC, "orders", SET, "retention.ms", null)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(TOPIC, "orders", (byte) 9, "retention.ms", "1")).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ofTopic()).containsExactly(Map.entry("retention.ms", "1000"));
    }

    @Test
    void aFullChangeDropsTheRest() {
        var kept = new AlterConfigsRequest.AlterableConfig().name("max.message.bytes").value("2000");
        var resource = new AlterConfigsRequest.AlterConfigsResource().resourceType(TOPIC).resourceName("orders").configs(List.of(kept));

        var validated = client.ask(new AlterConfigsRequest().resources(List.of(resource)).validateOnly(true));
        Map<String, String> then = Map.copyOf(ofTopic());
        var altered = client.ask(new AlterConfigsRequest().resources(List.of(resource)));

        assertThat(validated.responses().get(0).errorCode()).isZero();
        assertThat(then).containsExactly(Map.entry("retention.ms", "1000"));
        assertThat(altered.responses().get(0).errorCode()).isZero();
        assertThat(ofTopic()).containsExactly(Map.entry("max.message.bytes", "2000"));
    }

    @Test
    void wrongChangesOfGroupsChangeNothing() {
        alter(GROUP, "billing", SET, "share.delivery.count.limit", "3");

        assertThat(alter(GROUP, "billing", SET, "share.delivery.count.limit", "11")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(alter(GROUP, "billing", SET, "consumer.session.timeout.ms", "5000")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(cluster.configs().ofGroup("billing")).containsExactly(Map.entry("share.delivery.count.limit", "3"));
    }

    @Test
    void whatTheClusterWasMadeWithIsWithinTheBoundsOfGroups() {
        FakeKafka quick = FakeKafka.builder().shareRecordLock(Duration.ofSeconds(1)).consumerGroupTimes(Duration.ofMillis(10), Duration.ofMillis(20)).build();
        TestClient own = new TestClient(quick, 1, "admin");

        for (var config : List.of(Map.entry("share.record.lock.duration.ms", "1000"), Map.entry("consumer.session.timeout.ms", "20"))) {
            var resource = new AlterConfigsResource().resourceType(GROUP).resourceName("billing")
                    .configs(List.of(new AlterableConfig().name(config.getKey()).value(config.getValue())));
            assertThat(own.ask(new IncrementalAlterConfigsRequest().resources(List.of(resource))).responses().get(0).errorCode()).isZero();
        }
    }

    @Test
    void groupsOfANewerReleaseHaveMoreToConfigure() {
        TestClient ofNewer = new TestClient(FakeKafka.builder().release("4.4").build(), 1, "admin");

        assertThat(valuesOf(ofNewer, "errors.deadletterqueue.copy.record.enable")).containsExactly("false");
        assertThat(valuesOf(client, "errors.deadletterqueue.copy.record.enable")).isEmpty();
    }

    @Test
    void someOfWhatGroupsOfANewerReleaseTakeIsNotTold() {
        TestClient ofNewer = new TestClient(FakeKafka.builder().release("4.4").build(), 1, "admin");
        var offload = new AlterConfigsResource().resourceType(GROUP).resourceName("billing")
                .configs(List.of(new AlterableConfig().name("share.assignor.offload.enable").value("false")));
        var change = new IncrementalAlterConfigsRequest().resources(List.of(offload));

        assertThat(ofNewer.ask(change).responses().get(0).errorCode()).isZero();
        assertThat(valuesOf(ofNewer, "share.assignor.offload.enable")).isEmpty();
        assertThat(client.ask(change).responses().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
    }

    private static List<String> valuesOf(TestClient client, String key) {
        var billing = new DescribeConfigsResource().resourceType(GROUP).resourceName("billing").configurationKeys(List.of(key));
        DescribeConfigsResult result = client.ask(new DescribeConfigsRequest().resources(List.of(billing))).results().get(0);
        return result.configs().stream().map(DescribeConfigsResourceResult::value).toList();
    }

    @Test
    void brokersAndGroupsKeepWhatTheyAreTold() {
        alter(BROKER, "1", SET, "log.cleaner.threads", "2");
        alter(BROKER, "", SET, "log.cleaner.threads", "3");
        alter(GROUP, "billing", SET, "consumer.session.timeout.ms", "50000");

        assertThat(describe(BROKER, "1").configs()).singleElement().satisfies(config -> {
            assertThat(config.value()).isEqualTo("2");
            assertThat(config.configSource()).isEqualTo((byte) 2);
        });
        assertThat(describe(BROKER, "").configs()).singleElement().satisfies(config -> assertThat(config.configSource()).isEqualTo((byte) 3));
        assertThat(describe(GROUP, "billing", "consumer.session.timeout.ms").configs()).singleElement().satisfies(config -> {
            assertThat(config.value()).isEqualTo("50000");
            assertThat(config.configSource()).isEqualTo((byte) 8);
        });
    }
}
