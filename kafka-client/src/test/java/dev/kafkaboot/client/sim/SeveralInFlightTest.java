package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerListener;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.test.fake.FakeRecord;
import dev.kafkaboot.test.fake.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several batches of one partition are under way, far from the broker, and something happens to one of them. */
class SeveralInFlightTest {

    private static final String TOPIC = "orders";
    private static final int COUNT = 60;

    private final Simulation simulation = new Simulation(11);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(2));
    private final Flights flights = new Flights();
    private final Map<Integer, Long> offsets = new LinkedHashMap<>();
    private final Map<Integer, SendException> failures = new LinkedHashMap<>();
    private Duration interval = Duration.ofMillis(5);
    private Duration lastOutcome = Duration.ZERO;
    private Duration slowest = Duration.ZERO;

    @BeforeEach
    void makeTheTopic() {
        network.tell(cluster -> {
            cluster.createTopic(TOPIC, 1);
            cluster.moveLeader(TOPIC, 0, 1);
        });
    }

    @AfterEach
    void end() {
        simulation.close();
    }

    /** Hears how many batches are under way. */
    private static final class Flights implements ProducerListener {

        private int inFlight;
        private int most;
        private boolean someCameBack;
        private boolean othersWentMeanwhile;

        @Override
        public void batchSent(TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration queued, int attempt) {
            othersWentMeanwhile |= someCameBack && inFlight > 0;
            someCameBack = false;
            inFlight++;
            most = Math.max(most, inFlight);
        }

        @Override
        public void batchAcknowledged(TopicPartition partition, int records, Duration socket, Duration broker) {
            inFlight--;
        }

        @Override
        public void batchRetried(TopicPartition partition, int records, Throwable reason) {
            someCameBack = true;
            inFlight--;
        }

        @Override
        public void recordsFailed(TopicPartition partition, int records, Throwable reason) {
            inFlight--;
        }
    }

    /** A record every few milliseconds, which makes a batch of its own. */
    private void sendMany(Map<String, ?> config) {
        sendMany(config, Map.of(), Duration.ZERO);
    }

    private void sendMany(Map<String, ?> config, Map<String, ?> connections, Duration pauseInTheMiddle) {
        simulation.process("producer", network, connections, running -> {
            KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .connections(running.connections()).linger(Duration.ZERO).listener(flights).config("retry.backoff.ms", 10).config(config).build();
            for (int i = 0; i < COUNT; i++) {
                int number = i;
                if (i == 1) { // the producer has met the broker
                    network.slow(running, 1, 60);
                    network.slow(running, 2, 60);
                } else if (i == COUNT / 2) {
                    simulation.sleep(pauseInTheMiddle);
                }
                long since = simulation.nowNanos();
                producer.send(TOPIC, "value " + i).whenComplete((ack, failure) -> {
                    lastOutcome = Duration.ofNanos(simulation.nowNanos());
                    Duration took = Duration.ofNanos(simulation.nowNanos() - since);
                    slowest = took.compareTo(slowest) > 0 ? took : slowest;
                    if (ack != null) {
                        offsets.put(number, ack.offset());
                    } else {
                        failures.put(number, (SendException) failure);
                    }
                });
                simulation.sleep(i == 0 ? Duration.ofMillis(500) : interval);
            }
        });
        simulation.run(Duration.ofMinutes(3).plus(pauseInTheMiddle));
        assertThat(offsets.size() + failures.size()).as("outcomes").isEqualTo(COUNT);
    }

    private List<String> log() {
        return network.ask(cluster -> cluster.log(TOPIC, 0).records().stream().map(FakeRecord::valueText).toList());
    }

    private int lastEpoch() {
        return network.ask(cluster -> cluster.log(TOPIC, 0).records().stream().mapToInt(FakeRecord::producerEpoch).max().orElseThrow());
    }

    private static List<String> valuesBut(Integer... missing) {
        List<Integer> without = List.of(missing);
        return IntStream.range(0, COUNT).filter(i -> !without.contains(i)).mapToObj(i -> "value " + i).toList();
    }

    /** To the Produce request behind so many. */
    private void to(int request, Consumer<Rule<ProduceRequest, ProduceResponse>> happens) {
        network.tell(cluster -> happens.accept(cluster.on(ProduceRequest.class).skip(request)));
    }

    @Test
    void batchDoesNotWaitForTheAnswersToThoseBeforeIt() {
        sendMany(Map.of());

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(flights.most).isEqualTo(5);
    }

    /** The broker works on one request at a time: more of them would only wait there, for five times as long. */
    @Test
    void brokerThatIsSlowItselfGetsNoLineOfThem() {
        network.tell(cluster -> cluster.on(ProduceRequest.class).always().delay(Duration.ofMillis(400)));
        interval = Duration.ofMillis(50);

        sendMany(Map.of());

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(slowest).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void thereAreNoMoreInFlightThanTheConnectionMayHave() {
        sendMany(Map.of("max.in.flight.requests.per.connection", 2));

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(flights.most).isEqualTo(2);
    }

    @Test
    void withoutIdempotenceTheyGoOneByOne() {
        sendMany(Map.of("enable.idempotence", false));

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(flights.most).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"NOT_ENOUGH_REPLICAS", "NOT_LEADER_OR_FOLLOWER", "REQUEST_TIMED_OUT", "OUT_OF_ORDER_SEQUENCE_NUMBER"})
    void afterAnErrorInTheMiddleAllAreWrittenOnceAndInOrder(ErrorCode error) {
        to(3, rule -> rule.fail(error));

        sendMany(Map.of());

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(failures).isEmpty();
        assertThat(flights.most).isGreaterThan(2);
        assertThat(lastEpoch()).isEqualTo(error == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER ? 1 : 0);
        assertThat(flights.othersWentMeanwhile).as("something was sent before all had come back").isFalse();
    }

    /** Those behind it are refused as well; that is no second failure. */
    @Test
    void pauseIsThatOfOneFailure() {
        to(3, rule -> rule.fail(ErrorCode.NOT_ENOUGH_REPLICAS));

        sendMany(Map.of("retry.backoff.ms", 2_000, "retry.backoff.max.ms", 60_000));

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(lastOutcome).isBetween(Duration.ofMillis(2_000), Duration.ofMillis(4_500));
    }

    @Test
    void afterATimeOutBehindTheAppendNothingIsSentBeforeTheOthersAreAnswered() {
        to(3, rule -> rule.change(response -> answering(response, ErrorCode.REQUEST_TIMED_OUT)));

        sendMany(Map.of());

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(failures).isEmpty();
        assertThat(flights.othersWentMeanwhile).as("something was sent before all had come back").isFalse();
    }

    private static ProduceResponse answering(ProduceResponse response, ErrorCode error) {
        response.responses().get(0).partitionResponses().get(0).errorCode(error.code());
        return response;
    }

    @Test
    void oneThatIsRefusedForWhatItIsFailsAlone() {
        to(3, rule -> rule.fail(ErrorCode.INVALID_RECORD));

        sendMany(Map.of());

        assertThat(failures).containsOnlyKeys(3);
        assertThat(log()).containsExactlyElementsOf(valuesBut(3));
    }

    /** A broker may have written what it says to have refused. Then it has written what came behind it as well, and would take it for new in a new epoch. */
    @Test
    void oneThatMayBeWrittenStaysWhatItWasAlthoughTheOneBeforeWasGivenUp() {
        to(3, rule -> rule.change(response -> answering(response, ErrorCode.INVALID_RECORD)));
        to(4, Rule::cutAfter);

        sendMany(Map.of());

        assertThat(failures).containsOnlyKeys(3);
        assertThat(log()).containsExactlyElementsOf(valuesBut());
    }

    @Test
    void oneThatIsTooLargeIsSplitWhereItIs() {
        to(3, rule -> rule.fail(ErrorCode.MESSAGE_TOO_LARGE));

        sendMany(Map.of("linger.ms", 15));

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(failures).isEmpty();
    }

    @Test
    void answersThatAreLostWithTheConnectionCostNothing() {
        to(3, Rule::cutAfter);

        sendMany(Map.of());

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(failures).isEmpty();
    }

    /** The old leader is slow to say that it is none any more, and the producer hears of the new one first. */
    @Test
    void nothingGoesToANewLeaderBeforeTheOldOneHasAnswered() {
        List<Integer> inFlight = new ArrayList<>();
        network.tell(cluster -> {
            cluster.on(ProduceRequest.class).skip(10).delayReply(Duration.ofSeconds(2));
            cluster.on(ProduceRequest.class).broker(2).always().before(request -> inFlight.add(flights.inFlight));
        });
        interval = Duration.ofMillis(300);
        // half a second after the tenth of them, each 300 ms after the one before
        simulation.later(Duration.ofSeconds(4), () -> network.tell(cluster -> cluster.moveLeader(TOPIC, 0, 2)));

        sendMany(Map.of(), Map.of("metadata.max.age.ms", 50), Duration.ZERO);

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(failures).isEmpty();
        assertThat(inFlight.get(0)).as("in flight when the first request came to the new leader").isEqualTo(1);
    }

    /** It takes any sequence for the first: one that came behind a failed one would be written before it. */
    @Test
    void brokerThatMayHaveForgottenTheProducerGetsOneAndThenTheOthers() {
        simulation.later(Duration.ofMinutes(1), () -> network.tell(cluster -> {
            cluster.log(TOPIC, 0).expireProducer(cluster.log(TOPIC, 0).records().get(0).producerId());
            cluster.on(ProduceRequest.class).fail(ErrorCode.NOT_ENOUGH_REPLICAS);
        }));

        sendMany(Map.of(), Map.of(), Duration.ofMinutes(2));

        assertThat(log()).containsExactlyElementsOf(valuesBut());
        assertThat(failures).isEmpty();
    }

    /** An application that sends the failed ones again must not find them behind what it has sent after them. */
    @Test
    void oneThatIsGivenUpTakesThoseInFlightBehindItWithIt() {
        to(3, rule -> rule.fail(ErrorCode.NOT_ENOUGH_REPLICAS)); // it comes again behind the two that are refused with it, and then these two
        to(7, rule -> rule.fail(ErrorCode.NOT_ENOUGH_REPLICAS));

        sendMany(Map.of("retries", 1));

        List<Integer> failed = List.copyOf(new TreeSet<>(failures.keySet()));
        assertThat(failed).startsWith(4).hasSizeGreaterThan(2);
        assertThat(failed).isEqualTo(IntStream.rangeClosed(failed.get(0), failed.get(failed.size() - 1)).boxed().toList());
        assertThat(log()).containsExactlyElementsOf(valuesBut(failed.toArray(Integer[]::new)));
    }

    @Test
    void oneThatIsOutOfTimeTakesThoseInFlightBehindItWithIt() {
        to(3, Rule::ignore);

        sendMany(Map.of("request.timeout.ms", 1_000, "delivery.timeout.ms", 1_000));

        List<Integer> failed = List.copyOf(new TreeSet<>(failures.keySet()));
        assertThat(failed.size()).isGreaterThan(flights.most);
        assertThat(failed).isEqualTo(IntStream.rangeClosed(failed.get(0), failed.get(failed.size() - 1)).boxed().toList());
        assertThat(failures.values()).extracting(SendException::persistence).contains(Persistence.POSSIBLY_PERSISTED, Persistence.NOT_PERSISTED);
        assertThat(log()).containsExactlyElementsOf(valuesBut(failed.toArray(Integer[]::new)));
    }
}
