package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group that goes from the classic protocol to the newer one and back while it reads, member by member (KIP-848). */
class GroupMigrationTest {

    /** A group whose members are replaced while records flow; it commits what every poll has brought. */
    private static final class LivingGroup implements AutoCloseable {

        private final GroupRun run;
        private final String assignor;
        private final List<KafkaConsumer<String, String>> members = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private final List<String> read = new ArrayList<>();
        private final List<String> uncommitted = new ArrayList<>();

        private LivingGroup(GroupRun run, String assignor) {
            this.run = run;
            this.assignor = assignor;
        }

        private KafkaConsumer<String, String> joined(GroupProtocol protocol) {
            ConsumerBuilder<String, String> builder = run.builder().groupProtocol(protocol);
            if (protocol == GroupProtocol.CLASSIC) {
                builder.config("partition.assignment.strategy", assignor);
            }
            KafkaConsumer<String, String> member = builder.build();
            members.add(member);
            member.subscribe(List.of(GroupRun.TOPIC));
            flowUntilShared();
            return member;
        }

        private void left(KafkaConsumer<String, String> member) {
            members.remove(member);
            member.close();
            flowUntilShared();
        }

        /** Sends and reads until each partition has one reader, and no member has more than its share, and a while longer. */
        private void flowUntilShared() {
            for (int round = 0; !isShared(); round++) {
                assertThat(round).as("rounds until the partitions are shared out").isLessThan(500);
                flow();
            }
            for (int round = 0; round < 5; round++) {
                flow();
            }
        }

        private boolean isShared() {
            int owned = members.stream().mapToInt(member -> member.assignment().size()).sum();
            return owned == 2 && members.stream().noneMatch(member -> member.assignment().size() > 2 / members.size());
        }

        private void flow() {
            for (int partition = 0; partition < 2; partition++) {
                int to = partition;
                String value = partition + "-" + sent.size();
                sent.add(value);
                run.cluster(cluster -> cluster.log(GroupRun.TOPIC, to).append("k", value));
            }
            members.forEach(this::poll);
        }

        private void poll(KafkaConsumer<String, String> member) {
            List<String> values = new ArrayList<>();
            for (ConsumerRecord<String, String> record : member.poll(Duration.ofMillis(200))) {
                values.add(record.value());
            }
            read.addAll(values);
            try {
                member.commit();
            } catch (KafkaException refused) {
                uncommitted.addAll(values); // the partitions went to another member, which is given these again
            }
        }

        private String type() {
            return run.network().ask(cluster -> cluster.group(GroupRun.GROUP).type());
        }

        private void drain() {
            for (int round = 0; !read.containsAll(sent); round++) {
                assertThat(round).as("rounds until all is read").isLessThan(500);
                members.forEach(this::poll);
            }
        }

        private List<String> twice() {
            TreeSet<String> once = new TreeSet<>();
            return read.stream().filter(value -> !once.add(value)).toList();
        }

        @Override
        public void close() {
            members.forEach(KafkaConsumer::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"range", "roundrobin", "cooperative-sticky"})
    void groupThatMovesMemberByMemberReadsEverythingAndNothingTwice(String assignor) {
        GroupRun.of(run -> {
            try (LivingGroup group = new LivingGroup(run, assignor)) {
                KafkaConsumer<String, String> first = group.joined(GroupProtocol.CLASSIC);
                KafkaConsumer<String, String> second = group.joined(GroupProtocol.CLASSIC);
                assertThat(group.type()).isEqualTo("classic");

                group.left(first);
                KafkaConsumer<String, String> third = group.joined(GroupProtocol.CONSUMER);
                assertThat(group.type()).as("with one member of each").isEqualTo("consumer");
                group.left(second);
                KafkaConsumer<String, String> fourth = group.joined(GroupProtocol.CONSUMER);
                group.left(third);
                group.joined(GroupProtocol.CLASSIC);
                assertThat(group.type()).as("with one member of each, on the way back").isEqualTo("consumer");
                group.left(fourth);
                assertThat(group.type()).as("of a classic member").isEqualTo("classic");
                group.joined(GroupProtocol.CLASSIC);
                group.drain();

                assertThat(group.read).containsAll(group.sent);
                assertThat(group.uncommitted).containsAll(group.twice());
            }
        });
    }
}
