package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.sim.ShareJournal.Place;
import dev.kafkaboot.client.sim.ShareJournal.Said;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.test.fake.FakeShareEvent;
import dev.kafkaboot.test.fake.FakeShareEvent.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a journal once more, in order, and compares what the applications were given and told with what the brokers did. Holds for every run:
 *
 * <ul>
 *   <li>a record is with one member at a time, its deliveries are counted one by one up to the limit, and it is given to nobody once it is over;
 *   <li>what a poll hands out was given to this member with that count, once, has not timed out, and is what the log has;
 *   <li>brokers are told what the application said, and nothing else; what it was told to be done is done, and what it was told to be refused is not;
 *   <li>nothing is passed over for what was given later, if nothing goes wrong;
 *   <li>of everything that was said the application is told, once; and commits tell the same;
 *   <li>in the end every record is over.
 * </ul>
 */
final class ShareOracle {

    /** How long a callback may wait for those before it. */
    private static final long CALLBACK_NANOS = 100_000_000;

    private final ShareJournal journal;
    private final int deliveryCountLimit;
    private final boolean faultless;
    private final List<String> found = new ArrayList<>();
    private final Map<Place, Fate> fates = new TreeMap<>();
    private final Map<Place, byte[]> log;

    /** By member and partition, the deliveries that were handed out, and when. */
    private final Map<String, NavigableMap<Integer, Long>> whenHandedOut = new TreeMap<>();

    private int given;

    /** A record's way. */
    private static final class Fate {

        final List<Delivery> deliveries = new ArrayList<>();
        final List<Verdict> verdicts = new ArrayList<>();
        final List<Said> sent = new ArrayList<>();
        @Nullable String holder;
        int deliveryCount;
        boolean isOver;
        boolean isToldToBeOver;
        boolean wasSeen;
    }

    private static final class Delivery {

        final String memberId;
        final int count;
        final int number;
        final long nanos;
        @Nullable Kind end;
        boolean isHandedOut;

        /** Whether its lock was over when other records that were given later had been handed out. */
        boolean isPassedOver;

        Delivery(String memberId, int count, int number, long nanos) {
            this.memberId = memberId;
            this.count = count;
            this.number = number;
            this.nanos = nanos;
        }
    }

    /** What a broker did because a member has said so. */
    private record Verdict(@Nullable ShareLife life, Kind kind, int deliveryCount, int sentBefore, boolean wasHandedOut) {}

    /**
     * Nothing is compared.
     *
     * @param log what was written
     * @param faultless whether nothing went wrong but what the applications did
     */
    ShareOracle(ShareJournal journal, Map<Place, byte[]> log, int deliveryCountLimit, boolean faultless) {
        this.journal = journal;
        this.log = log;
        this.deliveryCountLimit = deliveryCountLimit;
        this.faultless = faultless;
    }

    /** What must not be. */
    List<String> anomalies() {
        found.addAll(journal.anomalies());
        log.keySet().forEach(place -> fates.put(place, new Fate()));
        for (ShareJournal.Entry entry : journal.entries()) {
            if (entry instanceof ShareJournal.AtBroker at) {
                happened(at);
            } else if (entry instanceof ShareJournal.HandedOut handedOut) {
                handedOut(handedOut);
            } else if (entry instanceof ShareJournal.Sent sent) {
                fate(sent.said().place).sent.add(sent.said());
            } else if (entry instanceof ShareJournal.Told told) {
                told(told.said());
            } else if (entry instanceof ShareJournal.Disowned disowned) {
                disowned(disowned);
            } else if (entry instanceof ShareJournal.Committed commit) {
                committed(commit);
            }
        }
        fates.forEach(this::ended);
        journal.lives().stream().filter(life -> !life.hasCrashed()).flatMap(life -> life.untold().stream())
                .forEach(said -> found.add("Never told: " + said));
        return found;
    }

    private Fate fate(Place place) {
        Fate fate = fates.get(place);
        if (fate == null) {
            found.add("There is no record at " + place);
            fate = new Fate();
            fates.put(place, fate);
        }
        return fate;
    }

    // ---- at the brokers

    private void happened(ShareJournal.AtBroker at) {
        Place place = at.place();
        FakeShareEvent event = at.event();
        Fate fate = fate(place);
        switch (event.kind()) {
            case ACQUIRED -> acquired(fate, at);
            case ACCEPTED, RELEASED, REJECTED, NO_RECORD -> {
                said(place, fate, event);
                ended(fate, at);
            }
            case RENEWED -> {
                said(place, fate, event);
                expectHolder(place, fate, event);
            }
            case STALE -> said(place, fate, event);
            case TIMED_OUT, SESSION_ENDED, LEADER_MOVED -> ended(fate, at);
        }
    }

    private void acquired(Fate fate, ShareJournal.AtBroker at) {
        Place place = at.place();
        FakeShareEvent event = at.event();
        if (fate.holder != null) {
            found.add("Given to " + event.memberId() + " while " + fate.holder + " has it: " + place);
        }
        if (fate.isOver || fate.isToldToBeOver) {
            found.add("Given out again although it is over: " + event);
        }
        if (event.deliveryCount() != fate.deliveryCount + 1 || event.deliveryCount() > deliveryCountLimit) {
            found.add("Given out for time " + event.deliveryCount() + " after time " + fate.deliveryCount + ": " + place);
        }
        fate.holder = event.memberId();
        fate.deliveryCount = event.deliveryCount();
        fate.deliveries.add(new Delivery(event.memberId(), event.deliveryCount(), ++given, at.nanos()));
    }

    private void expectHolder(Place place, Fate fate, FakeShareEvent event) {
        if (!event.memberId().equals(fate.holder)) {
            found.add("Has to do with " + event.memberId() + " although " + fate.holder + " has it: " + event.kind() + " of " + place);
        }
    }

    private void said(Place place, Fate fate, FakeShareEvent event) {
        if (event.kind() == Kind.NO_RECORD) {
            found.add("Said not to be a record: " + place);
        }
        boolean wasHandedOut = !fate.deliveries.isEmpty() && fate.deliveries.get(fate.deliveries.size() - 1).isHandedOut;
        fate.verdicts.add(new Verdict(journal.lifeOf(event.memberId()), event.kind(), event.deliveryCount(), fate.sent.size(), wasHandedOut));
    }

    private void ended(Fate fate, ShareJournal.AtBroker at) {
        FakeShareEvent event = at.event();
        expectHolder(at.place(), fate, event);
        fate.holder = null;
        fate.deliveryCount = event.deliveryCount();
        fate.isOver |= event.isOver();
        if (fate.deliveries.isEmpty()) {
            return;
        }
        Delivery delivery = fate.deliveries.get(fate.deliveries.size() - 1);
        delivery.end = event.kind();
        delivery.isPassedOver = event.kind() == Kind.TIMED_OUT && isPassedOver(delivery, at);
    }

    /**
     * Whether something that was given later was handed out, while the consumer could be sure of the lock: it does not know how long a broker waited before it locked the
     * record, which may be a third of the lock's time.
     */
    private boolean isPassedOver(Delivery delivery, ShareJournal.AtBroker end) {
        long mayBeOver = end.nanos() - (end.nanos() - delivery.nanos) / 3;
        return handedOut(delivery, end.place()).tailMap(delivery.number, /* inclusive= */ false).values().stream().anyMatch(nanos -> nanos < mayBeOver);
    }

    private NavigableMap<Integer, Long> handedOut(Delivery delivery, Place place) {
        return whenHandedOut.computeIfAbsent(delivery.memberId + " " + place.partition(), first -> new TreeMap<>());
    }

    // ---- at the applications

    private void handedOut(ShareJournal.HandedOut handedOut) {
        Fate fate = fate(handedOut.place());
        fate.wasSeen = true;
        Delivery delivery = null;
        for (Delivery each : fate.deliveries) {
            boolean isOfLife = journal.lifeOf(each.memberId) == handedOut.life();
            if (isOfLife && !each.isHandedOut && (handedOut.deliveryCount() < 0 || each.count == handedOut.deliveryCount())) {
                delivery = each; // the last is meant; an earlier one that was given and not handed out got lost on its way
            }
        }
        if (delivery == null) {
            found.add("Handed out though it was not given, or twice: " + handedOut);
            return;
        }
        delivery.isHandedOut = true;
        handedOut(delivery, handedOut.place()).put(delivery.number, handedOut.nanos());
        Kind end = delivery.end;
        boolean isUnreadable = handedOut.deliveryCount() < 0; // which is told by a later poll if there was something else to hand out
        if (!isUnreadable && end != null && end != Kind.SESSION_ENDED && end != Kind.LEADER_MOVED) {
            found.add("Handed out after " + end + ": " + handedOut);
        }
        byte[] value = handedOut.value();
        if (!isUnreadable && !Arrays.equals(value, log.get(handedOut.place()))) {
            found.add("Not what was written: " + handedOut);
        }
    }

    private void told(Said said) {
        Fate fate = fate(said.place);
        boolean isDone = takeVerdict(fate, said);
        if (said.failure == null) {
            if (!isDone) {
                found.add("Told to be done, and is not: " + said);
            }
            fate.isToldToBeOver |= said.type == AcknowledgeType.ACCEPT || said.type == AcknowledgeType.REJECT;
        } else {
            boolean isFirst = fate.sent.stream().filter(each -> each.life == said.life && each.type == said.type).findFirst().orElse(null) == said;
            if (isDone && isFirst && said.failure.errorCode() == ErrorCode.INVALID_RECORD_STATE) {
                found.add("Told to be refused, and is done: " + said);
            }
            if (faultless && !said.life.isClosing() && fate.deliveries.stream().noneMatch(each -> each.end == Kind.TIMED_OUT)) {
                found.add("Fails without a reason: " + said);
            }
        }
    }

    /**
     * Whether a broker has done what was said, after it was said; what has one reason has no other. What comes late is done to the delivery that the member has then, so
     * another delivery's may be meant too, where a member is told that it was done.
     */
    private static boolean takeVerdict(Fate fate, Said said) {
        return takeVerdict(fate, said, /* ofDelivery= */ true) || said.failure == null && takeVerdict(fate, said, /* ofDelivery= */ false);
    }

    private static boolean takeVerdict(Fate fate, Said said, boolean ofDelivery) {
        int sent = fate.sent.indexOf(said);
        for (Iterator<Verdict> each = fate.verdicts.iterator(); each.hasNext(); ) {
            Verdict verdict = each.next();
            boolean isMeant = verdict.kind() == kindOf(said.type) && (!ofDelivery || verdict.deliveryCount() == said.deliveryCount)
                    || verdict.kind() == Kind.STALE && !ofDelivery;
            if (verdict.life() == said.life && verdict.sentBefore() > sent && isMeant) {
                each.remove();
                return true;
            }
        }
        return false;
    }

    private static Kind kindOf(AcknowledgeType type) {
        return switch (type) {
            case ACCEPT -> Kind.ACCEPTED;
            case RELEASE -> Kind.RELEASED;
            case REJECT -> Kind.REJECTED;
            case RENEW -> Kind.RENEWED;
        };
    }

    private void disowned(ShareJournal.Disowned disowned) {
        boolean renewalFailed = fate(disowned.place()).sent.stream()
                .anyMatch(said -> said.life == disowned.life() && said.type == AcknowledgeType.RENEW && said.failure != null);
        if (!renewalFailed) {
            found.add("Not in the consumer's hands, though it was handed out: " + disowned);
        }
    }

    private void committed(ShareJournal.Committed commit) {
        for (Said said : commit.own()) {
            if (!commit.outcome().containsKey(said.place.partition())) {
                found.add("The commit tells nothing: " + said);
            }
        }
        List<Said> all = new ArrayList<>(commit.own());
        all.addAll(commit.before());
        for (Said said : all) {
            // Of several failures the first is told, so any may stand for a time-out.
            boolean isGivenUp = commit.outcome().getOrDefault(said.place.partition(), Optional.empty()).isPresent();
            if (!isGivenUp && isToldLater(said, commit)) {
                found.add("A commit has not waited for it: " + said);
            }
        }
        commit.outcome().forEach((partition, outcome) -> {
            List<Said> own = commit.own().stream().filter(said -> said.place.partition() == partition).toList();
            if (outcome.isEmpty()) {
                own.stream().filter(said -> said.failure != null).forEach(said -> found.add("The commit tells that it is done: " + said));
            } else if (!(outcome.get() instanceof TimeoutException) && !commit.life().hasCrashed()
                    && all.stream().allMatch(said -> said.place.partition() != partition || said.hasSucceeded())) {
                found.add(commit.life() + " is told by a commit of partition " + partition + " '" + outcome.get() + "', and nothing of that by the callback");
            }
        });
    }

    private static boolean isToldLater(Said said, ShareJournal.Committed commit) {
        boolean pausedMeanwhile = said.toldPausedNanos != commit.pausedNanos(); // between the one and the other, it may be
        return said.isTold && !pausedMeanwhile && said.toldNanos - commit.nanos() > CALLBACK_NANOS;
    }

    // ---- in the end

    private void ended(Place place, Fate fate) {
        if (!fate.isOver) {
            found.add("Not settled: " + place + ", which " + fate.holder + " has, after " + fate.deliveryCount + " deliveries");
        }
        if (faultless && fate.isOver && !fate.wasSeen) {
            found.add("Given up, and nobody has seen it: " + place);
        }
        boolean mayBePassedOver = !faultless || journal.wasUnreadable(log.get(place));
        if (!mayBePassedOver && fate.deliveries.stream().anyMatch(delivery -> delivery.isPassedOver && !delivery.isHandedOut)) {
            found.add("Not handed out, unlike what was given later: " + place);
        }
        for (Verdict verdict : fate.verdicts) {
            List<Said> sent = fate.sent.subList(0, verdict.sentBefore());
            boolean isKnown = sent.stream().anyMatch(said -> said.life == verdict.life() && !said.hasSucceeded()
                    && (verdict.kind() == Kind.STALE || kindOf(said.type) == verdict.kind()));
            boolean wasSeenByNobody = verdict.kind() == Kind.RELEASED && !verdict.wasHandedOut(); // the consumer has given it back by itself
            if (!isKnown && !wasSeenByNobody) {
                found.add("Said though not by the application: " + verdict.kind() + " of " + place + " by " + Objects.toString(verdict.life()));
            }
        }
    }
}
