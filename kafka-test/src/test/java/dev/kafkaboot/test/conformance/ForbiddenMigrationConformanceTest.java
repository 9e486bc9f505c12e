package dev.kafkaboot.test.conformance;

import dev.kafkaboot.test.fake.FakeKafkaBuilder;
import dev.kafkaboot.test.fake.GroupMigration;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups whose members are not let over to the other protocol (KIP-848, {@code group.consumer.migration.policy}). */
@KafkaCluster(properties = "group.consumer.migration.policy=disabled")
class ForbiddenMigrationConformanceTest extends ConformanceTest {

    private static final String A = "a1a1a1a1a1a1a1a1a1a1a1";

    @Override
    FakeKafkaBuilder configure(FakeKafkaBuilder fake) {
        return fake.groupMigration(GroupMigration.DISABLED);
    }

    @Test
    void onlyEmptyGroupsGoOver() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            Member classic = new Member(side, group);
            classic.protocols = List.of(Member.owning("range", topic));
            classic.joinAsNew("classic");
            classic.sync("classic", classic.gets(topic, 0, 1));
            Coordinated consumer = new Coordinated(side, group, A);
            consumer.join("consumer is refused", topic);
            classic.heartbeat("classic goes on");
            classic.leave("classic leaves");
            consumer.join("consumer joins the empty group", topic);
            consumer.has("consumer has all", topic, 0, 1);
            classic.id = "";
            classic.join("classic is refused");
            classic.join("classic is refused", 3);
            classic.id = "known";
            classic.join("classic is refused by name");
            consumer.leave("consumer leaves");
            classic.id = "";
            classic.joinAsNew("classic joins the empty group");
        });
    }
}
