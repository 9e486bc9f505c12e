package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.sim.ShareJournal.Place;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse.PartitionData;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Share groups whose members come, go, crash and stand still, and say anything of what they were given: every record is accepted, rejected or given up in the end,
 * nobody gets it again after that, and what a member was told is what the brokers have done ({@link ShareOracle}).
 */
class ShareGroupUnderFaultsTest {

    private static final String TOPIC = "orders";
    private static final String GROUP = "packing";
    private static final int PARTITIONS = 5;
    private static final int MEMBERS = 4;
    private static final int DELIVERY_COUNT_LIMIT = 5;
    private static final byte GROUP_RESOURCE = 32;

    private static void faithful(FakeKafka cluster) {
        // It does what it is asked to.
    }

    @Test
    void recordsAreSettledAndNobodyIsToldWhatIsNotSo() {
        Seeds.run("ShareGroupUnderFaultsTest#recordsAreSettledAndNobodyIsToldWhatIsNotSo", 8,
                simulation -> run(simulation, EnumSet.allOf(Faults.Fault.class), ShareGroupUnderFaultsTest::faithful));
    }

    @Test
    void recordsAreSettledAndNothingFailsWithoutFaults() {
        Seeds.run("ShareGroupUnderFaultsTest#recordsAreSettledAndNothingFailsWithoutFaults", 4,
                simulation -> run(simulation, EnumSet.of(Faults.Fault.CLOCK), ShareGroupUnderFaultsTest::faithful));
    }

    @Test
    void brokersThatDoNotDoWhatTheyTellAreFoundOut() {
        Consumer<FakeKafka> faithless = cluster -> cluster.on(ShareAcknowledgeRequest.class).skip(3).times(3).reply(ShareGroupUnderFaultsTest::allIsWell);
        try (Simulation simulation = new Simulation(1)) {
            assertThatThrownBy(() -> run(simulation, EnumSet.of(Faults.Fault.CLOCK), faithless)).hasMessageContaining("Told to be done, and is not");
        }
    }

    @Test
    void brokersThatDoSomethingElseAreFoundOut() {
        byte release = 2;
        Consumer<FakeKafka> faithless = cluster -> cluster.on(ShareAcknowledgeRequest.class).skip(3).times(3).before(request -> request.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> partition.acknowledgementBatches()
                        .forEach(batch -> batch.acknowledgeTypes(Collections.nCopies(batch.acknowledgeTypes().size(), release))))));
        try (Simulation simulation = new Simulation(1)) {
            assertThatThrownBy(() -> run(simulation, EnumSet.of(Faults.Fault.CLOCK), faithless)).hasMessageContaining("Said though not by the application: RELEASED");
        }
    }

    private static ShareAcknowledgeResponse allIsWell(ShareAcknowledgeRequest request) {
        return new ShareAcknowledgeResponse().responses(request.topics().stream()
                .map(topic -> new ShareAcknowledgeTopicResponse().topicId(topic.topicId()).partitions(topic.partitions().stream()
                        .map(partition -> new PartitionData().partitionIndex(partition.partitionIndex())).toList()))
                .toList());
    }

    private static void run(Simulation simulation, Set<Faults.Fault> allowed, Consumer<FakeKafka> brokers) {
        boolean faultless = allowed.size() == 1;
        SplittableRandom random = simulation.newRandom();
        SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3)
                .coordinatorLoad(Duration.ofMillis(random.nextLong(300)))
                .shareGroupInitialization(Duration.ofMillis(random.nextLong(1_000)))
                .shareGroupTimes(Duration.ofMillis(500 + random.nextLong(2_000)), Duration.ofSeconds(8))
                .shareRecordLock(Duration.ofMillis(4_000 + random.nextLong(6_000))));
        ShareJournal journal = new ShareJournal(simulation);
        simulation.explainWith(journal::text);
        network.tell(cluster -> {
            cluster.createTopic(TOPIC, PARTITIONS);
            cluster.onShareEvent(event -> journal.add(new ShareJournal.AtBroker(event, journal.nowNanos())));
            cluster.on(ShareGroupHeartbeatRequest.class).always().when(request -> knowMembers(cluster, journal)).before(request -> { });
        });
        network.tell(brokers);
        startAtTheBeginning(simulation, network);
        Troubles troubles = new Troubles(simulation, network, faultless);
        History history = new History(simulation::nowNanos);
        SendingApplication sender = new SendingApplication(history, TOPIC, PARTITIONS, Map.of());
        simulation.process("producer", network, Map.of(), sender);
        List<ShareApplication> members = new ArrayList<>();
        for (int i = 1; i <= MEMBERS; i++) {
            ShareApplication member = new ShareApplication(journal, TOPIC, GROUP);
            members.add(member);
            simulation.process("member-" + i, network, Map.of(), member);
        }
        Faults faults = new Faults(network, allowed).topic(TOPIC, PARTITIONS).coordinator("__consumer_offsets", GROUP).start();

        simulation.run(Duration.ofSeconds(40));
        faults.heal();
        troubles.heal();
        members.forEach(ShareApplication::calmDown);
        sender.stop();
        simulation.run(Duration.ofSeconds(20));
        boolean settled = simulation.runUntil(() -> sender.hasEnded() && isSettled(network), Duration.ofMinutes(5));
        members.forEach(ShareApplication::stop);
        simulation.run(Duration.ofMinutes(1));
        network.tell(cluster -> knowMembers(cluster, journal));

        assertThat(new ShareOracle(journal, written(network), DELIVERY_COUNT_LIMIT, faultless).anomalies()).isEmpty();
        assertThat(settled).as("all is settled").isTrue();
        assertThat(members).allMatch(ShareApplication::hasEnded);
        assertThat(journal.handedOut()).as("records that were handed out").isPositive();
        assertThat(network.<Integer>ask(cluster -> cluster.group(GROUP).members().size())).as("members that are left").isZero();
        assertThat(network.<Set<String>>ask(cluster -> cluster.group(GROUP).shareSessions())).as("sessions that are left")
                .allMatch(member -> journal.hasCrashed(member)); // a broker does not always hear of a crash
    }

    /** A group begins with what is written after it has joined, unless it is configured. */
    private static void startAtTheBeginning(Simulation simulation, SimulatedNetwork network) {
        SimulatedProcess operator = simulation.process("operator", network, Map.of(), process -> {
            AlterableConfig earliest = new AlterableConfig().name("share.auto.offset.reset").value("earliest");
            process.connections().send(new IncrementalAlterConfigsRequest().resources(List.of(
                    new AlterConfigsResource().resourceType(GROUP_RESOURCE).resourceName(GROUP).configs(List.of(earliest)))));
        });
        simulation.run(Duration.ofSeconds(2));
        assertThat(operator.isRunning()).isTrue();
    }

    private static boolean knowMembers(FakeKafka cluster, ShareJournal journal) {
        cluster.group(GROUP).members().forEach(member -> journal.member(member.id(), member.clientId()));
        return false;
    }

    private static boolean isSettled(SimulatedNetwork network) {
        return network.ask(cluster -> {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                long end = cluster.log(TOPIC, partition).endOffset();
                if (end > 0 && cluster.group(GROUP).shared(TOPIC, partition).map(shared -> shared.startOffset() < end).orElse(true)) {
                    return false;
                }
            }
            return true;
        });
    }

    private static Map<Place, byte[]> written(SimulatedNetwork network) {
        return network.ask(cluster -> {
            Map<Place, byte[]> written = new TreeMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int index = partition;
                cluster.log(TOPIC, index).records().forEach(record -> written.put(new Place(index, record.offset()), Objects.requireNonNull(record.value())));
            }
            return written;
        });
    }

    /** Lets brokers answer with errors, late or not at all, by chance. */
    private static final class Troubles {

        private static final List<ErrorCode> OF_FETCHES = List.of(
                ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.UNKNOWN_SERVER_ERROR, ErrorCode.SHARE_SESSION_NOT_FOUND, ErrorCode.INVALID_SHARE_SESSION_EPOCH,
                ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.REQUEST_TIMED_OUT, ErrorCode.SHARE_SESSION_LIMIT_REACHED, ErrorCode.UNKNOWN_TOPIC_ID);
        private static final List<ErrorCode> OF_ACKNOWLEDGEMENTS = List.of(
                ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.INVALID_RECORD_STATE, ErrorCode.SHARE_SESSION_NOT_FOUND, ErrorCode.INVALID_SHARE_SESSION_EPOCH,
                ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.NOT_COORDINATOR, ErrorCode.REQUEST_TIMED_OUT, ErrorCode.FENCED_STATE_EPOCH);
        private static final List<ErrorCode> OF_HEARTBEATS = List.of(
                ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.UNKNOWN_MEMBER_ID,
                ErrorCode.FENCED_MEMBER_EPOCH);

        private final SplittableRandom random;
        private boolean over;

        Troubles(Simulation simulation, SimulatedNetwork network, boolean none) {
            random = simulation.newRandom();
            over = none;
            network.tell(cluster -> {
                OF_FETCHES.forEach(error -> cluster.on(ShareFetchRequest.class).always().when(request -> strikes(500)).fail(error));
                OF_ACKNOWLEDGEMENTS.forEach(error -> cluster.on(ShareAcknowledgeRequest.class).always().when(request -> strikes(150)).fail(error));
                OF_HEARTBEATS.forEach(error -> cluster.on(ShareGroupHeartbeatRequest.class).always()
                        .when(request -> request.memberEpoch() > 0 && strikes(150)).fail(error));
                for (Duration pause : List.of(Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofSeconds(7))) {
                    cluster.on(ShareFetchRequest.class).always().when(request -> strikes(200)).delay(pause);
                    cluster.on(ShareFetchRequest.class).always().when(request -> strikes(200)).delayReply(pause);
                    cluster.on(ShareAcknowledgeRequest.class).always().when(request -> strikes(100)).delay(pause);
                    cluster.on(ShareAcknowledgeRequest.class).always().when(request -> strikes(100)).delayReply(pause);
                }
                cluster.on(ShareFetchRequest.class).always().when(request -> strikes(300)).cutAfter();
                cluster.on(ShareFetchRequest.class).always().when(request -> strikes(300)).cutBefore();
                cluster.on(ShareFetchRequest.class).always().when(request -> strikes(300)).cutInside(30);
                cluster.on(ShareAcknowledgeRequest.class).always().when(request -> strikes(100)).cutAfter();
                cluster.on(ShareAcknowledgeRequest.class).always().when(request -> strikes(100)).cutBefore();
            });
        }

        void heal() {
            over = true;
        }

        private boolean strikes(int oneIn) {
            return !over && random.nextInt(oneIn) == 0;
        }
    }
}
