package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transcript.error;
import static dev.kafkaboot.test.conformance.Transcript.text;

import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchRequest.AcknowledgementBatch;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import dev.kafkaboot.protocol.message.ShareGroupDescribeRequest;
import dev.kafkaboot.protocol.message.ShareGroupDescribeResponse;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A member of a share group, with a connection of its own (KIP-932). */
final class Sharing {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static final int HEARTBEAT = 1;
    static final int NEWEST = 2;

    static final byte GAP = 0;
    static final byte ACCEPT = 1;
    static final byte RELEASE = 2;
    static final byte REJECT = 3;
    static final byte RENEW = 4;

    final String group;
    final String id;
    private final Side side;
    private final Wire wire;
    private int memberEpoch;
    private int sessionEpoch;
    private int groupEpoch;

    Sharing(Side side, String group, String id) throws IOException {
        this.side = side;
        this.group = group;
        this.id = id;
        this.wire = side.connect();
    }

    // ---- membership

    ShareGroupHeartbeatRequest heartbeat(int epoch) {
        return new ShareGroupHeartbeatRequest().groupId(group).memberId(id).memberEpoch(epoch);
    }

    ShareGroupHeartbeatRequest join(String... topics) {
        return heartbeat(0).subscribedTopicNames(List.of(topics));
    }

    /** Joins, and sends heartbeats until it has partitions: a real broker writes down first where a group begins, and gives nothing before. */
    Sharing joined(String... topics) throws IOException {
        ShareGroupHeartbeatResponse answer = side.askUntil(join(topics), HEARTBEAT,
                joined -> joined.errorCode() == 0 && count(joined.assignment()) > 0);
        memberEpoch = answer.memberEpoch();
        return this;
    }

    /**
     * Joins, and sends heartbeats until it has so many partitions of several topics. A real coordinator may hear of one topic after the other, and begins an epoch for each:
     * from here on epochs are counted from the one that the group is in then.
     */
    Sharing joined(int partitions, String... topics) throws IOException {
        memberEpoch = side.askUntil(join(topics), HEARTBEAT, joined -> joined.errorCode() == 0 && count(joined.assignment()) == partitions).memberEpoch();
        groupEpoch = describe().groupEpoch();
        return this;
    }

    private static int count(ShareGroupHeartbeatResponse.@Nullable Assignment assignment) {
        return assignment == null ? 0 : assignment.topicPartitions().stream().mapToInt(topic -> topic.partitions().size()).sum();
    }

    ShareGroupHeartbeatRequest heartbeat() {
        return heartbeat(memberEpoch);
    }

    int memberEpoch() {
        return memberEpoch;
    }

    /** Notes the answer to the next heartbeat. */
    void beat(String step) throws IOException {
        beat(step, heartbeat());
    }

    /** Notes the answer to a heartbeat, and is in the epoch that it tells. Which partitions a member has depends on the topic's id: how many it has does not. */
    void beat(String step, ShareGroupHeartbeatRequest heartbeat) throws IOException {
        ShareGroupHeartbeatResponse answer = ask(heartbeat);
        ShareGroupHeartbeatResponse.Assignment assignment = answer.assignment();
        side.transcript().note(id.charAt(0) + ", " + step, error(answer.errorCode()), text(answer.errorMessage()),
                answer.memberId() == null ? "no id" : answer.memberId(), "epoch " + answer.memberEpoch(), answer.heartbeatIntervalMs() + " ms",
                assignment == null ? "nothing of partitions" : count(assignment));
    }

    /** The next heartbeat, whose answer does not matter. */
    void hear() throws IOException {
        ask(heartbeat());
    }

    /** Sends heartbeats until the group's partitions are shared out anew: brokers do that with the next heartbeat, and those of 4.4 beside everything else. */
    void awaitAssignment() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ShareGroupDescribeResponse.DescribedGroup described;
        do {
            hear();
            described = describe();
        } while (described.assignmentEpoch() != described.groupEpoch() && System.nanoTime() - deadline < 0);
    }

    void leave() throws IOException {
        ask(heartbeat(-1));
    }

    private ShareGroupHeartbeatResponse ask(ShareGroupHeartbeatRequest heartbeat) throws IOException {
        ShareGroupHeartbeatResponse answer = side.ask(heartbeat, HEARTBEAT);
        if (answer.errorCode() == 0 && answer.memberEpoch() > 0) {
            memberEpoch = answer.memberEpoch();
        }
        return answer;
    }

    /** Notes how many partitions the members have, and how many members each partition: which of them have more than others depends on the topics' ids. */
    void describeShares(String step) throws IOException {
        ShareGroupDescribeResponse.DescribedGroup described = describe();
        Map<String, Integer> readers = new HashMap<>();
        List<Integer> shares = new ArrayList<>();
        for (ShareGroupDescribeResponse.Member member : described.members()) {
            List<String> own = member.assignment().topicPartitions().stream()
                    .flatMap(topic -> topic.partitions().stream().map(partition -> topic.topicName() + "-" + partition))
                    .toList();
            own.forEach(partition -> readers.merge(partition, 1, Integer::sum));
            shares.add(own.size());
        }
        side.transcript().note(step, described.groupState(), described.groupEpoch() - groupEpoch, described.assignmentEpoch() - groupEpoch,
                "members have " + shares.stream().sorted().toList(), "partitions have " + readers.values().stream().sorted().toList());
    }

    private ShareGroupDescribeResponse.DescribedGroup describe() throws IOException {
        return side.ask(new ShareGroupDescribeRequest().groupIds(List.of(group)), HEARTBEAT).groups().get(0);
    }

    // ---- fetching

    ShareFetchRequest fetchRequest(int epoch, FetchTopic... topics) {
        return new ShareFetchRequest()
                .groupId(group)
                .memberId(id)
                .shareSessionEpoch(epoch)
                .maxWaitMs(500)
                .minBytes(1)
                .maxBytes(1 << 20)
                .maxRecords(500)
                .batchSize(500)
                .topics(List.of(topics));
    }

    /** A fetch of the next epoch. */
    ShareFetchRequest next(FetchTopic... topics) {
        return fetchRequest(sessionEpoch, topics);
    }

    static FetchTopic of(Uuid topic, int partition, AcknowledgementBatch... batches) {
        return new FetchTopic().topicId(topic).partitions(List.of(
                new FetchPartition().partitionIndex(partition).acknowledgementBatches(List.of(batches))));
    }

    static AcknowledgementBatch batch(long first, long last, int... types) {
        List<Byte> each = new ArrayList<>();
        for (int type : types) {
            each.add((byte) type);
        }
        return new AcknowledgementBatch().firstOffset(first).lastOffset(last).acknowledgeTypes(each);
    }

    ShareFetchResponse fetch(String step, ShareFetchRequest request) throws IOException {
        return fetch(step, request, NEWEST);
    }

    ShareFetchResponse fetch(String step, ShareFetchRequest request, int version) throws IOException {
        ShareFetchResponse answer = wire.ask(request, version);
        if (answer.errorCode() == 0) {
            sessionEpoch = request.shareSessionEpoch() + 1;
        }
        note(step, answer, version);
        return answer;
    }

    private void note(String step, ShareFetchResponse answer, int version) {
        side.transcript().note(step + " v" + version, Stream.concat(
                Stream.of(error(answer.errorCode()), text(answer.errorMessage()), answer.acquisitionLockTimeoutMs(), answer.nodeEndpoints().size()),
                answer.responses().stream().flatMap(topic -> topic.partitions().stream().map(partition -> side.transcript().id("topic", topic.topicId())
                        + "-" + partition.partitionIndex()
                        + " " + error(partition.errorCode()) + " " + text(partition.errorMessage())
                        + " acknowledged " + error(partition.acknowledgeErrorCode()) + " " + text(partition.acknowledgeErrorMessage())
                        + " leader " + partition.currentLeader().leaderId() + "/" + partition.currentLeader().leaderEpoch()
                        + " bytes " + partition.records().size()
                        + " acquired " + partition.acquiredRecords().stream()
                                .map(range -> range.firstOffset() + "-" + range.lastOffset() + "x" + range.deliveryCount()).toList()))
                        .sorted()).toArray());
    }

    /** Fetches until something is acquired or the answer is an error, and notes that answer: a real broker reads a group's state first. */
    ShareFetchResponse fetchSome(String step, ShareFetchRequest request) throws IOException {
        ShareFetchResponse answer = some(step, request);
        note(step, answer, NEWEST);
        return answer;
    }

    /** Fetches one record after the other until there were so many, and notes which: in what order depends on how soon a real broker has opened each partition. */
    void fetchOneByOne(String step, ShareFetchRequest begin, UnaryOperator<ShareFetchRequest> one, int count) throws IOException {
        SortedSet<String> acquired = new TreeSet<>();
        ShareFetchRequest request = one.apply(begin);
        for (int i = 0; i < count; i++) {
            some(step, request).responses().forEach(topic -> topic.partitions().forEach(partition -> partition.acquiredRecords().forEach(range -> acquired.add(
                    partition.partitionIndex() + ": " + range.firstOffset() + "-" + range.lastOffset() + "x" + range.deliveryCount()))));
            request = one.apply(next());
        }
        side.transcript().note(step, acquired);
    }

    private ShareFetchResponse some(String step, ShareFetchRequest request) throws IOException {
        ShareFetchResponse answer = wire.ask(request, NEWEST);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (answer.errorCode() == 0 && answer.responses().stream().flatMap(topic -> topic.partitions().stream()).allMatch(Sharing::isEmpty)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still nothing for '" + step + "' after " + PATIENCE + "; before that " + side.transcript().lines());
            }
            sessionEpoch = request.shareSessionEpoch() + 1;
            request.shareSessionEpoch(sessionEpoch).topics(List.of());
            answer = wire.ask(request, NEWEST);
        }
        if (answer.errorCode() == 0) {
            sessionEpoch = request.shareSessionEpoch() + 1;
        }
        return answer;
    }

    private static boolean isEmpty(ShareFetchResponse.PartitionData data) {
        return data.errorCode() == 0 && data.acquiredRecords().isEmpty();
    }

    /** What was given to it. */
    static List<AcquiredRecords> acquired(ShareFetchResponse answer) {
        return answer.responses().stream()
                .flatMap(topic -> topic.partitions().stream().flatMap(partition -> partition.acquiredRecords().stream()))
                .toList();
    }

    // ---- acknowledging

    ShareAcknowledgeRequest acknowledgement(int epoch, Uuid topic, int partition, AcknowledgementBatch... batches) {
        return new ShareAcknowledgeRequest().groupId(group).memberId(id).shareSessionEpoch(epoch).topics(List.of(
                new ShareAcknowledgeRequest.AcknowledgeTopic().topicId(topic).partitions(List.of(
                        new ShareAcknowledgeRequest.AcknowledgePartition().partitionIndex(partition).acknowledgementBatches(Stream.of(batches)
                                .map(each -> new ShareAcknowledgeRequest.AcknowledgementBatch()
                                        .firstOffset(each.firstOffset())
                                        .lastOffset(each.lastOffset())
                                        .acknowledgeTypes(each.acknowledgeTypes()))
                                .toList())))));
    }

    ShareAcknowledgeResponse acknowledge(String step, Uuid topic, int partition, AcknowledgementBatch... batches) throws IOException {
        return acknowledge(step, acknowledgement(sessionEpoch, topic, partition, batches));
    }

    ShareAcknowledgeResponse acknowledge(String step, ShareAcknowledgeRequest request) throws IOException {
        ShareAcknowledgeResponse answer = ask(request);
        side.tell(step, NEWEST, answer);
        return answer;
    }

    /** Acknowledges again and again until a partition's is refused, and notes that answer: a broker hears of a group's configuration a moment after it was set. */
    void acknowledgeUntilRefused(String step, Supplier<ShareAcknowledgeRequest> request) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ShareAcknowledgeResponse answer = ask(request.get());
        while (answer.errorCode() == 0
                && answer.responses().stream().flatMap(topic -> topic.partitions().stream()).allMatch(partition -> partition.errorCode() == 0)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("'" + step + "' is not refused after " + PATIENCE + "; before that " + side.transcript().lines());
            }
            answer = ask(request.get());
        }
        side.tell(step, NEWEST, answer);
    }

    private ShareAcknowledgeResponse ask(ShareAcknowledgeRequest request) throws IOException {
        ShareAcknowledgeResponse answer = wire.ask(request, NEWEST);
        if (answer.errorCode() == 0) {
            sessionEpoch = request.shareSessionEpoch() + 1;
        }
        return answer;
    }

    int sessionEpoch() {
        return sessionEpoch;
    }

    /** Ends the connection. */
    void disconnect() throws IOException {
        wire.close();
    }
}
