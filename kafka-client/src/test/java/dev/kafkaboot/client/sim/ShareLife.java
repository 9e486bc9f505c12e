package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.sim.ShareJournal.Place;
import dev.kafkaboot.client.sim.ShareJournal.Said;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the journal knows of one share consumer, from its making to its end: which records it has, what was said of them, and what of that is not answered. */
final class ShareLife {

    /** What a call may take beyond its limit: connections are closed behind a consumer, for a second at most. */
    private static final Duration A_LITTLE = Duration.ofMillis(1_500);

    private final ShareJournal journal;
    private final SimulatedProcess process;
    private final String name;
    private final boolean isExplicit;
    private final SortedMap<Place, Hand> hands = new TreeMap<>();
    private final Map<Place, ArrayDeque<Said>> untold = new TreeMap<>();
    private boolean subscribed;
    private boolean closing;
    private boolean crashed;

    /** A record that the application has. */
    private static final class Hand {

        final Thread owner = Thread.currentThread();
        final int deliveryCount;
        @Nullable AcknowledgeType type;
        @Nullable Said renewal;

        Hand(int deliveryCount) {
            this.deliveryCount = deliveryCount;
        }
    }

    ShareLife(ShareJournal journal, SimulatedProcess process, String name, boolean isExplicit) {
        this.journal = journal;
        this.process = process;
        this.name = name;
        this.isExplicit = isExplicit;
        process.onCrash(() -> crashed = true);
    }

    // ---- what it has

    /** A poll has given it a record. */
    void handedOut(Place place, int deliveryCount, byte @Nullable [] value) {
        hands.put(place, new Hand(deliveryCount));
        journal.add(new ShareJournal.HandedOut(this, place, deliveryCount, value, journal.nowNanos()));
    }

    /** A poll has told of a record that cannot be deserialised, which is given back if nothing else is said. */
    void unreadable(Place place) {
        Hand hand = new Hand(-1);
        hand.type = AcknowledgeType.RELEASE;
        hands.put(place, hand);
        journal.add(new ShareJournal.HandedOut(this, place, -1, null, journal.nowNanos()));
    }

    /** The records of which nothing was said. */
    List<Place> unsaid() {
        return hands.entrySet().stream().filter(hand -> hand.getValue().type == null && hand.getValue().renewal == null).map(Map.Entry::getKey).toList();
    }

    /** The records that it keeps, because it has asked for more time. */
    List<Place> kept() {
        return hands.entrySet().stream().filter(hand -> hand.getValue().type == null && hand.getValue().renewal != null).map(Map.Entry::getKey).toList();
    }

    boolean has(Place place) {
        return hands.containsKey(place);
    }

    /** The application has said something of a record. */
    void says(Place place, AcknowledgeType type) {
        Hand hand = hands.get(place);
        if (hand == null) {
            journal.anomaly(name + " could say " + type + " of " + place + ", which it does not have");
        } else {
            hand.type = type;
        }
    }

    /** The consumer does not take what is said of a record, because it does not have it. */
    void disowned(Place place) {
        hands.remove(place);
        journal.add(new ShareJournal.Disowned(this, place));
    }

    // ---- what is sent and told

    /** What was said is sent from now on, and is the consumer's affair. */
    List<Said> sends() {
        List<Said> sent = new ArrayList<>();
        for (Place place : List.copyOf(hands.keySet())) {
            Hand hand = hands.get(place);
            if (!isExplicit && hand.type == null && hand.owner == Thread.currentThread()) {
                hand.type = AcknowledgeType.ACCEPT;
            }
            if (hand.type != null) {
                Said said = send(place, hand.type, hand.deliveryCount);
                sent.add(said);
                if (hand.type == AcknowledgeType.RENEW) {
                    hand.type = null;
                    hand.renewal = said;
                } else {
                    hands.remove(place);
                }
            }
        }
        return sent;
    }

    /** What was said is sent, and everything else goes back. */
    void givesUp() {
        sendsWithoutAccepting();
        // That is the consumer's doing, and nobody is told of it.
        hands.forEach((place, hand) -> journal.add(new ShareJournal.Sent(new Said(this, place, AcknowledgeType.RELEASE, hand.deliveryCount))));
        hands.clear();
    }

    private void sendsWithoutAccepting() {
        for (Place place : List.copyOf(hands.keySet())) {
            Hand hand = hands.get(place);
            if (hand.type == AcknowledgeType.RENEW) {
                hand.renewal = send(place, hand.type, hand.deliveryCount);
                hand.type = null;
            } else if (hand.type != null) {
                send(place, hand.type, hand.deliveryCount);
                hands.remove(place);
            }
        }
    }

    private Said send(Place place, AcknowledgeType type, int deliveryCount) {
        Said said = new Said(this, place, type, deliveryCount);
        untold.computeIfAbsent(place, first -> new ArrayDeque<>()).add(said);
        journal.add(new ShareJournal.Sent(said));
        return said;
    }

    /** It is subscribed, or is not any more. */
    void isSubscribed(boolean now) {
        subscribed = now;
    }

    boolean isSubscribed() {
        return subscribed;
    }

    /** It closes. */
    void closes() {
        closing = true;
        givesUp();
    }

    boolean isClosing() {
        return closing;
    }

    boolean hasCrashed() {
        return crashed;
    }

    /** What is not answered. */
    List<Said> untold() {
        return untold.values().stream().flatMap(ArrayDeque::stream).toList();
    }

    /** The callback was called. */
    void told(Map<TopicIdPartition, Set<Long>> offsets, @Nullable KafkaException failure) {
        offsets.forEach((partition, each) -> new TreeSet<>(each).forEach(offset -> told(new Place(partition.partition(), offset), failure)));
    }

    private void told(Place place, @Nullable KafkaException failure) {
        Said said = untold.getOrDefault(place, new ArrayDeque<>()).poll();
        if (said == null) {
            journal.anomaly(name + " is told of " + place + ", of which it has said nothing more");
            return;
        }
        said.isTold = true;
        said.toldNanos = journal.nowNanos();
        said.toldPausedNanos = process.pausedNanos();
        said.failure = failure;
        Hand hand = hands.get(place);
        if (failure != null && hand != null && hand.renewal == said && hand.type == null) {
            hands.remove(place);
        }
        journal.add(new ShareJournal.Told(said));
    }

    /** A commit has told what became of what it sent, and of what was sent before. */
    void committed(List<Said> own, List<Said> before, Map<TopicIdPartition, Optional<KafkaException>> outcome) {
        Map<Integer, Optional<KafkaException>> byPartition = new TreeMap<>();
        outcome.forEach((partition, each) -> byPartition.put(partition.partition(), each));
        journal.add(new ShareJournal.Committed(this, own, before, byPartition, journal.nowNanos(), process.pausedNanos()));
    }

    // ---- how long it takes

    /** Makes a call, which must end in time. */
    void within(String what, Duration limit, Runnable call) {
        long begin = journal.nowNanos();
        long pausedBefore = process.pausedNanos();
        try {
            call.run();
        } finally {
            long took = journal.nowNanos() - begin - (process.pausedNanos() - pausedBefore);
            if (process.isRunning() && took > limit.plus(A_LITTLE).toNanos()) {
                journal.anomaly(name + " waits " + Duration.ofNanos(took) + " for " + what + ", whose limit is " + limit);
            }
        }
    }

    static Place placeOf(TopicPartition partition, long offset) {
        return new Place(partition.partition(), offset);
    }

    @Override
    public String toString() {
        return name;
    }
}
