package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.admin.ClusterDescription;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.client.admin.TopicListing;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreateAclsRequest;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest;
import dev.kafkaboot.protocol.message.DescribeAclsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsRequest;
import dev.kafkaboot.protocol.message.DescribeConfigsResponse;
import dev.kafkaboot.protocol.message.DescribeGroupsRequest;
import dev.kafkaboot.protocol.message.DescribeGroupsResponse;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.ListGroupsResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Topics and the cluster by the admin client; configurations, groups, records and ACLs by messages of the protocol. */
interface AdminContract extends OnOldBroker {

    byte TOPIC = 2;

    @Test
    default void topicsAreMadeDescribedListedAndDeleted() {
        try (KafkaAdminClient admin = KafkaAdminClient.builder().connections(broker().net).build()) {
            assertThat(admin.topics().create(NewTopic.of("made").partitions(2).config("retention.ms", "1000")).join().get("made").partitions()).isEqualTo(2);
            assertThatThrownBy(() -> admin.topics().create(NewTopic.of("made").partitions(2)).join())
                    .hasMessageContaining("made").hasMessageContaining("TOPIC_ALREADY_EXISTS");
            eventually(() -> admin.topics().list().join(), topics -> topics.stream().map(TopicListing::name).anyMatch("made"::equals));
            assertThat(admin.topics().describe(List.of("made")).join().get("made").partitions()).hasSize(2);

            admin.topics().delete("made").join();

            assertThatThrownBy(() -> admin.topics().delete("made").join()).hasMessageContaining("UNKNOWN_TOPIC_OR_PARTITION");
        }
    }

    @Test
    default void clusterIsDescribed() {
        try (KafkaAdminClient admin = KafkaAdminClient.builder().connections(broker().net).build()) {
            ClusterDescription cluster = admin.cluster().describe().join();

            assertThat(cluster.nodes()).singleElement().satisfies(node -> assertThat(node.id()).isEqualTo(1));
            assertThat(cluster.controller()).isEqualTo(cluster.nodes().get(0));
        }
    }

    @Test
    default void configurationIsChangedAndShown() {
        broker().kafka.createTopic("configured", 1);

        assertThat(broker().net.sendToController(new IncrementalAlterConfigsRequest().resources(List.of(
                new IncrementalAlterConfigsRequest.AlterConfigsResource().resourceType(TOPIC).resourceName("configured").configs(List.of(
                        new IncrementalAlterConfigsRequest.AlterableConfig().name("retention.ms").value("12345")))))).join().responses())
                .singleElement().satisfies(answer -> assertThat(answer.errorCode()).isZero());

        DescribeConfigsRequest shown = new DescribeConfigsRequest().resources(List.of(new DescribeConfigsRequest.DescribeConfigsResource()
                .resourceType(TOPIC).resourceName("configured").configurationKeys(List.of("retention.ms"))));
        eventually(() -> broker().net.send(shown).join().results().get(0).configs().stream()
                .map(DescribeConfigsResponse.DescribeConfigsResourceResult::value).toList(), List.of("12345")::equals);
    }

    @Test
    default void groupsAreListedAndDescribed() {
        broker().kafka.createTopic("listed", 1);
        try (KafkaProducer<String, String> producer = broker().producer().build();
                KafkaConsumer<String, String> consumer = broker().consumer().groupId("listed").build()) {
            producer.send("listed", "a").join();
            consumer.subscribe(List.of("listed"));
            OldBroker.read(consumer, 1);

            assertThat(broker().net.send(new ListGroupsRequest()).join().groups()).extracting(ListGroupsResponse.ListedGroup::groupId).contains("listed");
            List<DescribeGroupsResponse.DescribedGroup> described = broker().net.sendToCoordinator(
                    CoordinatorType.GROUP, "listed", new DescribeGroupsRequest().groups(List.of("listed"))).join().groups();
            assertThat(described).singleElement().satisfies(group -> {
                assertThat(group.groupState()).isEqualTo("Stable");
                assertThat(group.members()).hasSize(1);
            });
        }
    }

    @Test
    default void recordsAreDeleted() {
        TopicPartition partition = new TopicPartition("truncated", 0);
        broker().kafka.createTopic("truncated", 1);
        try (KafkaProducer<String, String> producer = broker().producer().build();
                KafkaConsumer<String, String> consumer = broker().consumer().build()) {
            List.of("a", "b", "c").forEach(value -> producer.send("truncated", value).join());

            assertThat(broker().net.send(new DeleteRecordsRequest().timeoutMs(30_000).topics(List.of(
                    new DeleteRecordsRequest.DeleteRecordsTopic().name("truncated").partitions(List.of(
                            new DeleteRecordsRequest.DeleteRecordsPartition().partitionIndex(0).offset(2)))))).join().topics())
                    .singleElement().satisfies(topic -> assertThat(topic.partitions().get(0).lowWatermark()).isEqualTo(2));

            assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 2L);
        }
    }

    @Test
    default void userWithoutTheRightIsRefusedWithTheTopicsName() {
        broker().kafka.createTopic("guarded", 1);
        byte literal = 3;
        byte write = 4;
        byte deny = 2;
        assertThat(broker().net.sendToController(new CreateAclsRequest().creations(List.of(new CreateAclsRequest.AclCreation()
                .resourceType(TOPIC).resourceName("guarded").resourcePatternType(literal)
                .principal("User:" + OldBroker.USER).host("*").operation(write).permissionType(deny)))).join().results())
                .singleElement().satisfies(answer -> assertThat(answer.errorCode()).isZero());
        DescribeAclsRequest inForce = new DescribeAclsRequest().resourceTypeFilter(TOPIC).resourceNameFilter("guarded").patternTypeFilter(literal)
                .principalFilter(null).hostFilter(null).operation(write).permissionType(deny);
        eventually(() -> broker().net.send(inForce).join().resources(), resources -> !resources.isEmpty());
        Map<String, Object> config = broker().bySasl("PLAIN", OldBroker.PASSWORD);

        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).config(config).build()) {
            assertThatThrownBy(() -> producer.send("guarded", "a").join()).isInstanceOf(CompletionException.class)
                    .hasMessageContaining("guarded").rootCause().isInstanceOfSatisfying(BrokerException.class,
                            reason -> assertThat(reason.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        }
    }

    /** Asks until the answer is right: what the controller has done the broker hears of a moment later. */
    private static <T> void eventually(Supplier<T> question, Predicate<T> isRight) {
        while (!isRight.test(question.get())) {
            Thread.onSpinWait();
        }
    }
}
