package dev.kafkaboot.client.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A group that reads two topics, what was written to them, and what its members have read; they are polled in turn by one thread. */
final class MixedGroup implements AutoCloseable {

    /** Of each topic. */
    static final int PARTITIONS = 3;

    private static final int EACH_TIME = 10;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Map<String, Object> config;
    private final Sharing sharing;
    private final List<String> topics;
    private final Producer<String, String> producer;
    private final List<Member> members = new ArrayList<>();
    private final List<String> read = new ArrayList<>();
    private int written;

    MixedGroup(String servers, String name, Sharing sharing, List<String> topics, Producer<String, String> producer) {
        this.config = Map.of("bootstrap.servers", servers, "group.id", name, "auto.offset.reset", "earliest");
        this.sharing = sharing;
        this.topics = topics;
        this.producer = producer;
    }

    /** Adds a dynamic member. */
    Member join(Client client) {
        return join(client, Map.of());
    }

    /** Adds a static member (KIP-345). */
    Member join(Client client, String name) {
        return join(client, Map.of("group.instance.id", name));
    }

    private Member join(Client client, Map<String, ?> identity) {
        Map<String, Object> all = new HashMap<>(config);
        all.putAll(sharing.config(client));
        all.putAll(identity);
        Member member = switch (client) {
            case OURS -> new OurMember(all, topics);
            case APACHES -> new ApachesMember(all, topics);
        };
        members.add(member);
        return member;
    }

    /** Lets a member end in good order. */
    void end(Member member) {
        member.close();
        members.remove(member);
    }

    /** Writes some records to every partition; nobody waits for them to be read. */
    void write() {
        for (String topic : topics) {
            for (int i = 0; i < PARTITIONS * EACH_TIME; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, Integer.toString(written++)));
            }
        }
        producer.flush();
    }

    /** Polls until the members have all partitions, each of them its share and none two the same, and until they have read all that was written, once. */
    void settle() {
        pollUntil(this::isShared);
        write();
        pollUntil(() -> read.size() >= written);
        assertThat(isShared()).as("every partition is owned once").isTrue();
        assertThat(read).as("what was read, each record once")
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, written).mapToObj(Integer::toString).toList());
    }

    private void pollUntil(BooleanSupplier until) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("%s of %s records read by members with %s", read.size(), written, shares()).isNegative();
            for (Member member : members) {
                read.addAll(member.poll());
                assertThat(ownedByBoth()).as("partitions that members of both clients have at once").isEmpty();
            }
        }
    }

    /** Of threads that go on meanwhile, nobody may have taken a partition over between two looks: so one side is asked again. */
    private Set<String> ownedByBoth() {
        Set<String> both = partitions(Client.OURS);
        both.retainAll(partitions(Client.APACHES));
        both.retainAll(partitions(Client.OURS));
        return both;
    }

    private Set<String> partitions(Client client) {
        return members.stream().filter(member -> member.client() == client).map(Member::partitions).flatMap(Collection::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Set<String>> shares() {
        return members.stream().map(Member::partitions).toList();
    }

    private boolean isShared() {
        List<Set<String>> shares = shares();
        List<Integer> sizes = shares.stream().map(Set::size).sorted().toList();
        List<Integer> fair = switch (members.size()) {
            case 1 -> List.of(2 * PARTITIONS);
            case 2 -> sharing.sharesOfTwo();
            default -> List.of(2, 2, 2);
        };
        return sizes.equals(fair) && shares.stream().flatMap(Set::stream).distinct().count() == 2 * PARTITIONS;
    }

    @Override
    public void close() {
        members.forEach(Member::close);
    }
}
