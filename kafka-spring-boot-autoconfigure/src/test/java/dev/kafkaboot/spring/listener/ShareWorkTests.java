package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is said of the records of a share group, and when. */
class ShareWorkTests {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration NOT_YET = Duration.ofHours(1);

    /** Hears what is said: {@code 3 ACCEPT}, and {@code sent}. */
    private static final class Consumer implements ShareWork.Consumer {

        final List<String> said = new ArrayList<>();
        final Set<Long> lost = new HashSet<>();

        @Override
        public void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
            if (lost.contains(record.offset())) {
                throw new IllegalStateException("not in this consumer's hands");
            }
            said.add(record.offset() + " " + type);
        }

        @Override
        public void send() {
            said.add("sent");
        }
    }

    private final Consumer consumer = new Consumer();
    private final ContainerProperties properties = new ContainerProperties("orders");

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return record(offset, "");
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String value) {
        return new ConsumerRecord<>("orders", 0, offset, -1, TimestampType.NO_TIMESTAMP, null, value.getBytes(StandardCharsets.UTF_8), Headers.none(),
                Optional.empty(), -1, 0);
    }

    private static List<ShareDelivery> add(ShareWork work, int records) {
        return work.add(new ConsumerRecords<>(Map.of(ORDERS, IntStream.range(0, records).mapToObj(ShareWorkTests::record).toList())));
    }

    private static ConsumerRecord<byte[], byte[]> delivered(long offset, int times) {
        return new ConsumerRecord<>(ORDERS, offset, -1, TimestampType.NO_TIMESTAMP, null, new byte[0], Headers.none(), Optional.empty(), -1, 0,
                Optional.of((short) times));
    }

    private ShareWork work(ContainerProperties.AckMode mode) {
        properties.setAckMode(mode);
        return new ShareWork("billing", properties, consumer);
    }

    private static boolean hasRoom(ShareWork work) throws InterruptedException {
        return work.awaitRoom(Duration.ZERO);
    }

    @Test
    void recordIsAcceptedWhenTheListenerReturned() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        List<ShareDelivery> records = add(work, 2);

        records.forEach(record -> {
            work.begin(record);
            work.returned(record);
        });

        assertThat(consumer.said).as("sent at once only when nothing else would").containsExactly("0 ACCEPT", "1 ACCEPT", "sent");
        assertThat(work.inFlight()).isZero();
    }

    @Test
    void inModeRecordEachIsSentAtOnce() {
        ShareWork work = work(ContainerProperties.AckMode.RECORD);
        ShareDelivery first = add(work, 2).get(0);

        work.begin(first);
        work.returned(first);

        assertThat(consumer.said).containsExactly("0 ACCEPT", "sent");
    }

    @Test
    void inModeManualTheFirstWordCountsWheneverItComes() {
        ShareWork work = work(ContainerProperties.AckMode.MANUAL);
        ShareDelivery record = add(work, 1).get(0);
        work.begin(record);
        work.returned(record);
        assertThat(record.isAcknowledged()).isFalse();

        record.release();
        record.acknowledge();

        assertThat(record.isAcknowledged()).isTrue();
        assertThat(consumer.said).containsExactly("0 RELEASE", "sent");
    }

    @Test
    void recordThatStaysIsRenewedOnceForTheNextPollAndThenWhenItIsTime() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        add(work, 1);

        work.renew(NOT_YET);
        work.renew(NOT_YET);
        work.renew(Duration.ZERO);

        assertThat(consumer.said).containsExactly("0 RENEW", "0 RENEW");
    }

    @Test
    void renewalIsNotSaidOfWhatIsOver() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery record = add(work, 1).get(0);
        work.begin(record);
        work.returned(record);
        consumer.said.clear();

        work.renew(Duration.ZERO);

        assertThat(consumer.said).isEmpty();
    }

    @Test
    void recordWhoseLockIsLostIsNotBegun() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        List<ShareDelivery> records = add(work, 2);
        consumer.lost.add(0L);

        work.renew(Duration.ZERO);

        assertThat(work.begin(records.get(0))).isFalse();
        assertThat(work.begin(records.get(1))).isTrue();
        assertThat(work.inFlight()).isEqualTo(1);
    }

    @Test
    void recordWhoseRenewalWasNotTakenIsNotBegun() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        List<ShareDelivery> records = add(work, 4);
        work.begin(records.get(0));
        work.retries(records.get(0));
        work.renew(NOT_YET);
        consumer.lost.addAll(Set.of(0L, 1L));

        work.notTaken(ORDERS, Set.of(0L, 1L, 2L));

        assertThat(work.begin(records.get(0))).as("is to be tried again").isFalse();
        assertThat(work.begin(records.get(1))).as("waits").isFalse();
        assertThat(work.begin(records.get(2))).as("came again before").isTrue();
        assertThat(work.begin(records.get(3))).as("nothing was said of it").isTrue();
        assertThat(work.inFlight()).isEqualTo(2);
    }

    @Test
    void recordThatComesAgainTakesThePlaceOfTheOneThatWaits() throws Exception {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery before = add(work, 1).get(0);

        ShareDelivery again = add(work, 1).get(0);

        assertThat(work.begin(before)).isFalse();
        assertThat(work.begin(again)).isTrue();
        assertThat(hasRoom(work)).as("none waits").isTrue();
        work.returned(again);
        assertThat(consumer.said).containsExactly("0 ACCEPT", "sent");
    }

    @Test
    void recordThatComesAgainWhileItIsWorkedOnIsNotBegunASecondTime() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery running = add(work, 1).get(0);
        work.begin(running);
        work.renew(NOT_YET);

        List<ShareDelivery> again = add(work, 1);

        assertThat(again).isEmpty();
        work.renew(NOT_YET);
        work.returned(running);
        assertThat(consumer.said).as("the new lock is kept as well").containsExactly("0 RENEW", "0 RENEW", "0 ACCEPT", "sent");
    }

    @Test
    void recordThatComesAgainIsNotBegunASecondTimeIfItIsWorkedOnWithoutALock() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery running = add(work, 1).get(0);
        work.begin(running);
        consumer.lost.add(0L);
        work.renew(NOT_YET);
        assertThat(work.inFlight()).isZero();
        consumer.lost.clear();

        List<ShareDelivery> again = add(work, 1);

        assertThat(again).isEmpty();
        assertThat(work.inFlight()).isEqualTo(1);
        work.returned(running);
        assertThat(consumer.said).containsExactly("0 ACCEPT", "sent");
    }

    @Test
    void recordThatComesAgainKeepsItsAttempts() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery retrying = add(work, 1).get(0);
        work.begin(retrying);
        work.retries(retrying);

        List<ShareDelivery> again = add(work, 1);

        assertThat(again).isEmpty();
        assertThat(work.begin(retrying)).isTrue();
        assertThat(retrying.attempts).isEqualTo(2);
    }

    @Test
    void anotherRecordAtThePlaceOfOneThatIsWorkedOnIsNotAcceptedInItsPlace() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery running = add(work, 1).get(0);
        work.begin(running);

        List<ShareDelivery> others = work.add(new ConsumerRecords<>(Map.of(ORDERS, List.of(record(0, "another")))));
        work.returned(running);

        assertThat(consumer.said).isEmpty();
        assertThat(others).hasSize(1);
        assertThat(work.begin(others.get(0))).isTrue();
    }

    @Test
    void whatIsLostIsNotAcknowledgedAndNothingCountsThatIsSaidOfIt() throws Exception {
        ShareWork work = work(ContainerProperties.AckMode.MANUAL);
        ShareDelivery record = add(work, 1).get(0);
        work.begin(record);
        consumer.lost.add(0L);
        work.renew(NOT_YET);
        assertThat(record.isAcknowledged()).isFalse();
        consumer.lost.clear();

        record.acknowledge();

        assertThat(add(work, 1)).as("its word came too late for the lock that it had, and too early for this one").hasSize(1);
        assertThat(consumer.said).isEmpty();
        work.returned(record);
        work.stop();
        assertThat(work.awaitFinished(Duration.ZERO)).isTrue();
    }

    @Test
    void moreIsAskedForWhenFewerRecordsWaitThanThereAreWorkers() throws Exception {
        properties.setConcurrency(2);
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        List<ShareDelivery> records = add(work, 3);
        assertThat(hasRoom(work)).isFalse();

        work.begin(records.get(0));
        assertThat(hasRoom(work)).isFalse();
        work.begin(records.get(1));

        assertThat(hasRoom(work)).isTrue();
    }

    @Test
    void recordThatIsToBeTriedAgainKeepsNoneWaitingButManyDo() throws Exception {
        properties.setMaxQueuedRecords(2);
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        List<ShareDelivery> records = add(work, 2);

        work.begin(records.get(0));
        assertThat(work.retries(records.get(0))).isTrue();
        assertThat(hasRoom(work)).as("one waits").isFalse();
        work.begin(records.get(1));
        assertThat(work.retries(records.get(1))).isTrue();

        assertThat(hasRoom(work)).as("as many are to be tried again as may wait").isFalse();
        work.begin(records.get(0));
        work.returned(records.get(0));
        assertThat(hasRoom(work)).isTrue();
    }

    @Test
    void recordsThatAreOwedAreBounded() throws Exception {
        properties.setMaxUnacknowledged(1);
        ShareWork work = work(ContainerProperties.AckMode.MANUAL);
        ShareDelivery record = add(work, 1).get(0);
        work.begin(record);
        work.returned(record);
        assertThat(hasRoom(work)).isFalse();

        record.reject();

        assertThat(hasRoom(work)).isTrue();
    }

    @Test
    void pauseReleasesWhatIsNotBegunAndLeavesTheRest() {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        List<ShareDelivery> records = add(work, 2);
        work.begin(records.get(0));

        work.pause(true);

        assertThat(consumer.said).containsExactly("1 RELEASE", "sent");
        assertThat(work.begin(records.get(1))).isFalse();
        assertThat(work.isPaused()).isFalse();
        work.returned(records.get(0));
        assertThat(work.isPaused()).isTrue();
        assertThat(add(work, 1)).as("what a poll brought meanwhile").isEmpty();
    }

    @Test
    void pauseKeepsWhatWasDeliveredBeforeAndIsBegunAfterIt() throws Exception {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        List<ShareDelivery> records = work.add(new ConsumerRecords<>(Map.of(ORDERS, List.of(delivered(0, 1), delivered(1, 2)))));

        work.pause(true);

        assertThat(consumer.said).as("each release is one of the few deliveries").containsExactly("0 RELEASE", "sent");
        assertThat(work.isPaused()).isTrue();
        assertThat(hasRoom(work)).isFalse();
        assertThat(work.add(new ConsumerRecords<>(Map.of(ORDERS, List.of(delivered(2, 1), delivered(3, 5)))))).as("what a poll brought meanwhile")
                .extracting(ShareDelivery::toString).containsExactly("orders-0@3");
        consumer.said.clear();
        work.renew(Duration.ZERO);
        assertThat(consumer.said).containsExactly("1 RENEW", "3 RENEW");
        work.pause(false);
        assertThat(work.begin(records.get(1))).isTrue();
    }

    @Test
    void whatFailsDuringAPauseIsTriedAgainAfterIt() throws Exception {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery record = add(work, 1).get(0);
        work.begin(record);
        work.pause(true);

        assertThat(work.retries(record)).isTrue();

        assertThat(work.isPaused()).isTrue();
        assertThat(consumer.said).containsExactly("sent");
        work.pause(true);
        assertThat(consumer.said).as("another pause").containsExactly("sent", "sent");
        work.stop();
        assertThat(consumer.said).as("the end").containsExactly("sent", "sent", "0 RELEASE", "sent");
    }

    @Test
    void whatFailsWhileItIsStoppedIsLeftToOthers() throws Exception {
        ShareWork work = work(ContainerProperties.AckMode.BATCH);
        ShareDelivery record = add(work, 1).get(0);
        work.begin(record);
        work.stop();
        assertThat(work.awaitFinished(Duration.ZERO)).isFalse();

        assertThat(work.retries(record)).isFalse();

        assertThat(consumer.said).containsExactly("sent", "0 RELEASE");
        assertThat(work.awaitFinished(Duration.ZERO)).isTrue();
    }

    @Test
    void recordIsWithTheListenerUntilItReturnsThoughItWasAcknowledgedOrItsLockWasLost() {
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        ShareWork work = new ShareWork("billing", properties, consumer);
        List<ShareDelivery> three = add(work, 3);
        three.forEach(work::begin);
        assertThat(work.atWork()).extracting(AtWork::record).containsExactly("orders-0@0", "orders-0@1", "orders-0@2");
        assertThat(work.atWork()).extracting(AtWork::thread).containsOnly(Thread.currentThread());

        three.get(0).acknowledge();
        consumer.lost.add(1L);
        work.renew(Duration.ZERO);
        assertThat(work.atWork()).extracting(AtWork::record).containsExactly("orders-0@0", "orders-0@1", "orders-0@2");

        three.forEach(work::returned);
        assertThat(work.atWork()).isEmpty();
    }
}
