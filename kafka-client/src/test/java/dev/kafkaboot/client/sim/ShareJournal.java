package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.test.fake.FakeShareEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that happened to the records of a share group, in order: what its members were given, said and were told, and what the brokers did meanwhile. Also what is
 * wrong at first sight.
 */
final class ShareJournal {

    private final Simulation simulation;
    private final List<Entry> entries = new ArrayList<>();
    private final List<ShareLife> lives = new ArrayList<>();
    private final Map<String, String> clients = new TreeMap<>();
    private final List<String> anomalies = new ArrayList<>();
    private final Set<ByteBuffer> unreadable = new HashSet<>(); // looked up, never iterated
    private int polled;

    /** Where a record is in the topic. */
    record Place(int partition, long offset) implements Comparable<Place> {

        @Override
        public int compareTo(Place other) {
            return partition == other.partition ? Long.compare(offset, other.offset) : Integer.compare(partition, other.partition);
        }

        @Override
        public String toString() {
            return partition + "@" + offset;
        }
    }

    /** Something that happened. */
    sealed interface Entry {}

    /** A broker did something. */
    record AtBroker(FakeShareEvent event, long nanos) implements Entry {

        @Override
        public String toString() {
            return place() + " is " + event.kind() + (event.isOver() ? " and over" : "") + " after " + event.deliveryCount() + ", " + event.memberId();
        }

        Place place() {
            return new Place(event.partition(), event.offset());
        }
    }

    /** A poll gave a record to the application; the count is -1 and the value is null if the record could not be deserialised. */
    record HandedOut(ShareLife life, Place place, int deliveryCount, byte @Nullable [] value, long nanos) implements Entry {

        @Override
        public String toString() {
            return life + " is given " + place + (deliveryCount < 0 ? ", unreadable" : " for time " + deliveryCount);
        }
    }

    /** What the application had said of a record is on its way from now on. */
    record Sent(Said said) implements Entry {

        @Override
        public String toString() {
            return "sent: " + said;
        }
    }

    /** The application was told what became of that. */
    record Told(Said said) implements Entry {

        @Override
        public String toString() {
            return "told: " + said;
        }
    }

    /** The consumer has told that it does not have a record which it has handed out. */
    record Disowned(ShareLife life, Place place) implements Entry {}

    /** A commit has told an outcome. */
    record Committed(ShareLife life, List<Said> own, List<Said> before, Map<Integer, Optional<KafkaException>> outcome, long nanos, long pausedNanos)
            implements Entry {

        @Override
        public String toString() {
            return life + " has committed: " + outcome;
        }
    }

    /** Something that the application said of a record, and what it was told of that. */
    static final class Said {

        final ShareLife life;
        final Place place;
        final AcknowledgeType type;

        /** The delivery that it is about, as the consumer counts; -1 if it cannot be known. */
        final int deliveryCount;
        boolean isTold;
        long toldNanos;
        long toldPausedNanos;
        @Nullable KafkaException failure;

        Said(ShareLife life, Place place, AcknowledgeType type, int deliveryCount) {
            this.life = life;
            this.place = place;
            this.type = type;
            this.deliveryCount = deliveryCount;
        }

        boolean hasSucceeded() {
            return isTold && failure == null;
        }

        @Override
        public String toString() {
            return life + " says " + type + " of " + place + (isTold ? failure == null ? ", done" : ", told '" + failure.getMessage() + "'" : ", told nothing");
        }
    }

    ShareJournal(Simulation simulation) {
        this.simulation = simulation;
    }

    /** A consumer begins. */
    ShareLife life(SimulatedProcess process, String name, boolean isExplicit) {
        ShareLife life = new ShareLife(this, process, name, isExplicit);
        lives.add(life);
        return life;
    }

    void add(Entry entry) {
        entries.add(entry);
        polled += entry instanceof HandedOut ? 1 : 0;
        simulation.log("journal", entry.toString());
    }

    void anomaly(String text) {
        String dated = text + " (" + simulation.scheduler().time() + ")";
        simulation.log("journal", dated);
        anomalies.add(dated);
    }

    /** Which client a member is. */
    void member(String memberId, String clientId) {
        clients.put(memberId, clientId);
    }

    /** A value could not be deserialised, at one attempt. A later poll tells that, unless the consumer leaves before. */
    void unreadable(byte[] value) {
        unreadable.add(ByteBuffer.wrap(value.clone()));
    }

    boolean wasUnreadable(byte @Nullable [] value) {
        return value != null && unreadable.contains(ByteBuffer.wrap(value));
    }

    List<Entry> entries() {
        return entries;
    }

    List<ShareLife> lives() {
        return lives;
    }

    /** What was wrong at first sight. */
    List<String> anomalies() {
        return anomalies;
    }

    /** How many records were handed out. */
    int handedOut() {
        return polled;
    }

    /** The consumer that a member is, or null if it is not known. */
    @Nullable ShareLife lifeOf(String memberId) {
        String client = clients.get(memberId);
        return lives.stream().filter(life -> life.toString().equals(client)).findFirst().orElse(null);
    }

    /** Whether the process of a member has crashed. */
    boolean hasCrashed(String memberId) {
        ShareLife life = lifeOf(memberId);
        return life != null && life.hasCrashed();
    }

    long nowNanos() {
        return simulation.nowNanos();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        anomalies.forEach(each -> text.append(each).append('\n'));
        return text.toString();
    }
}
