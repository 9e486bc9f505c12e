package dev.kafkaboot.client.mixed;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Groups of both clients' members, for tests of other brokers than this build's. */
public final class MixedGroups {

    private MixedGroups() {}

    /**
     * Two members of ours and one of Apache's come and go: every partition is owned once, and each record is read once.
     *
     * @param sharing how they share out their partitions, by the name of one of {@link Sharing}
     */
    public static void comeAndGo(String servers, String name, String sharing) throws Exception {
        List<String> topics = Stream.of("a", "b").map(suffix -> name + "-" + suffix).toList();
        Map<String, Object> config = Map.of("bootstrap.servers", servers);
        try (Admin admin = Admin.create(config)) {
            admin.createTopics(topics.stream().map(topic -> new NewTopic(topic, MixedGroup.PARTITIONS, (short) 1)).toList()).all().get();
        }
        try (Producer<String, String> producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
                MixedGroup group = new MixedGroup(servers, name, Sharing.valueOf(sharing), topics, producer)) {
            Member leader = group.join(Client.OURS);
            group.settle();
            group.write();
            group.join(Client.OURS);
            group.settle();
            group.join(Client.APACHES);
            group.write();
            group.settle();
            group.end(leader);
            group.settle();
        }
    }
}
