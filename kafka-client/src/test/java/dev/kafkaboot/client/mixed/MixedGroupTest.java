package dev.kafkaboot.client.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One group made of members of this client and of Apache's: with every assignor of either protocol, dynamic and static members, and either client first, which
 * makes its member the leader of a classic group. Every partition has one owner whenever the group has settled, and is never owned by both clients; each record
 * is read, once, although members come and go while records are unread.
 */
@KafkaCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class MixedGroupTest {

    private final String servers;
    private final Admin admin;
    private final Producer<String, String> producer;

    MixedGroupTest(RealKafka kafka) {
        servers = kafka.bootstrapServers();
        admin = Admin.create(Map.of("bootstrap.servers", servers));
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer());
    }

    static Stream<Arguments> cases() {
        return Arrays.stream(Sharing.values()).flatMap(sharing -> Arrays.stream(Client.values()).map(first -> Arguments.of(sharing, first)));
    }

    @BeforeAll
    void makeTopics() throws Exception {
        List<NewTopic> topics = cases().flatMap(each -> Stream.of("dynamic", "static").flatMap(kind -> topics(name(kind, each.get())).stream()))
                .map(name -> new NewTopic(name, MixedGroup.PARTITIONS, (short) 1)).toList();
        admin.createTopics(topics).all().get();
    }

    @AfterAll
    void close() {
        producer.close();
        admin.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void membersTakeOverFromOneAnother(Sharing sharing, Client first) throws Exception {
        try (MixedGroup group = group("dynamic", sharing, first)) {
            Member leader = group.join(first);
            group.settle();
            group.write();
            group.join(first.other());
            group.settle();
            group.join(first);
            group.write();
            group.settle();

            group.write();
            group.end(leader);
            group.settle();
        }
    }

    /** As when an application is moved to this client, or back, instance by instance. */
    @ParameterizedTest
    @MethodSource("cases")
    void staticMemberIsReplacedByOneOfTheOtherClientWhichFindsWhatItHad(Sharing sharing, Client first) throws Exception {
        try (MixedGroup group = group("static", sharing, first)) {
            Member leader = group.join(first, "instance-1");
            group.settle();
            Member follower = group.join(first.other(), "instance-2");
            group.settle();

            for (Member each : List.of(leader, follower)) {
                Set<String> had = each.partitions();
                group.write();
                group.end(each);
                Member next = group.join(each.client().other(), each == leader ? "instance-1" : "instance-2");
                group.settle();
                assertThat(next.partitions()).isEqualTo(had);
            }
        }
    }

    private MixedGroup group(String kind, Sharing sharing, Client first) throws ExecutionException, InterruptedException {
        String name = name(kind, sharing, first);
        if (sharing.isOfTheCoordinator()) {
            ConfigEntry quick = new ConfigEntry("consumer.heartbeat.interval.ms", "100");
            admin.incrementalAlterConfigs(Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, name), List.of(new AlterConfigOp(quick, AlterConfigOp.OpType.SET)))).all().get();
        }
        return new MixedGroup(servers, name, sharing, topics(name), producer);
    }

    private static String name(String kind, Object... which) {
        List<String> parts = new ArrayList<>(List.of("mixed", kind));
        Arrays.stream(which).map(Object::toString).forEach(parts::add);
        return String.join("-", parts);
    }

    private static List<String> topics(String group) {
        return List.of(group + "-orders", group + "-payments");
    }
}
