package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.client.net.LoopbackServer.Request;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.RequestHeader;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brokers on loopback with topics and one group, which answer a consumer properly unless a test says otherwise: by {@link #once} for the next request of
 * its kind, by {@link #always} for all of them. Each connection is served by a thread of its own, so an answer may wait.
 */
final class ScriptedBrokers implements AutoCloseable {

    static final String TOPIC = "orders";
    static final String GROUP = "billing";

    /** What a broker does with a request. */
    interface Answer {

        /** The answer; null for none. What it throws closes the connection. */
        @Nullable ResponseMessage to(Asked asked) throws Exception;
    }

    /**
     * A request as it came.
     *
     * @param node the broker that got it
     * @param version its version
     * @param message what it asks
     */
    record Asked(int node, short version, RequestMessage<?> message) {

        <T> T as(Class<T> type) {
            return type.cast(message);
        }
    }

    private final List<LoopbackServer> servers = new ArrayList<>();
    private final Map<ApiKey, Queue<Answer>> once = new ConcurrentHashMap<>();
    private final Map<ApiKey, Answer> always = new ConcurrentHashMap<>();
    private final Map<ApiKey, BlockingQueue<Asked>> asked = new ConcurrentHashMap<>();
    private final List<ApiKey> without;
    private final ScriptedLogs logs = new ScriptedLogs();
    private final ScriptedGroup group = new ScriptedGroup();

    private ScriptedBrokers(int nodes, List<ApiKey> without) {
        this.without = without;
        for (int i = 1; i <= nodes; i++) {
            int node = i;
            servers.add(LoopbackServer.start((socket, number) -> serve(node, socket)));
        }
    }

    /** Brokers with ids from 1 on; {@value #TOPIC} has so many partitions, led by broker 1. */
    static ScriptedBrokers start(int nodes, int partitions, ApiKey... without) {
        ScriptedBrokers brokers = new ScriptedBrokers(nodes, List.of(without));
        brokers.logs.create(TOPIC, new Uuid(7, 9), partitions);
        return brokers;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + servers.get(0).port();
    }

    ScriptedLogs logs() {
        return logs;
    }

    ScriptedGroup group() {
        return group;
    }

    /** The next requests of a kind are answered like this, in turn. */
    void once(ApiKey api, Answer... answers) {
        once.computeIfAbsent(api, key -> new ConcurrentLinkedQueue<>()).addAll(List.of(answers));
    }

    /** Requests of a kind are answered like this from now on, where {@link #once} says nothing. */
    void always(ApiKey api, Answer answer) {
        always.put(api, answer);
    }

    /** Requests of a kind are answered properly again. */
    void properly(ApiKey api) {
        always.remove(api);
    }

    /** An answer that first waits, and then is what another is. */
    static Answer after(CountDownLatch latch, Answer then) {
        return request -> {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The test did not let the answer go");
            }
            return then.to(request);
        };
    }

    /** Waits for the next request of a kind. */
    Asked next(ApiKey api) throws InterruptedException {
        return Objects.requireNonNull(queue(api).poll(20, TimeUnit.SECONDS), () -> "no " + api + " came");
    }

    /** The requests of a kind that came and were not looked at yet. */
    List<Asked> drain(ApiKey api) {
        List<Asked> all = new ArrayList<>();
        queue(api).drainTo(all);
        return all;
    }

    private BlockingQueue<Asked> queue(ApiKey api) {
        return asked.computeIfAbsent(api, key -> new LinkedBlockingQueue<>());
    }

    private void serve(int node, Socket socket) throws Exception {
        while (true) {
            ByteBuffer buffer = ByteBuffer.wrap(read(socket));
            ApiKey api = Objects.requireNonNull(ApiKey.forId(buffer.getShort(0)));
            short version = buffer.getShort(2);
            Reader in = new Reader(buffer);
            RequestHeader header = new RequestHeader();
            header.read(in, api.requestHeaderVersion(version));
            RequestMessage<?> message = message(api);
            message.read(in, version);
            Asked request = new Asked(node, version, message);
            Answer answer = answer(api);
            queue(api).add(request);
            ResponseMessage response = answer.to(request);
            if (response != null) {
                LoopbackServer.write(socket, LoopbackServer.frame(new Request(api, version, header.correlationId()), response));
            }
        }
    }

    private Answer answer(ApiKey api) {
        Queue<Answer> queue = once.get(api);
        Answer next = queue == null ? null : queue.poll();
        return next != null ? next : always.getOrDefault(api, this::properAnswer);
    }

    private static byte[] read(Socket socket) throws IOException {
        DataInputStream data = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[data.readInt()];
        data.readFully(frame);
        return frame;
    }

    private static RequestMessage<?> message(ApiKey api) {
        return switch (api) {
            case API_VERSIONS -> new ApiVersionsRequest();
            case METADATA -> new MetadataRequest();
            case FETCH -> new FetchRequest();
            case LIST_OFFSETS -> new ListOffsetsRequest();
            case FIND_COORDINATOR -> new FindCoordinatorRequest();
            case JOIN_GROUP -> new JoinGroupRequest();
            case SYNC_GROUP -> new SyncGroupRequest();
            case HEARTBEAT -> new HeartbeatRequest();
            case LEAVE_GROUP -> new LeaveGroupRequest();
            case OFFSET_FETCH -> new OffsetFetchRequest();
            case OFFSET_COMMIT -> new OffsetCommitRequest();
            case SHARE_GROUP_HEARTBEAT -> new ShareGroupHeartbeatRequest();
            case SHARE_FETCH -> new ShareFetchRequest();
            case SHARE_ACKNOWLEDGE -> new ShareAcknowledgeRequest();
            default -> throw new IllegalStateException("No script for " + api);
        };
    }

    /** What a broker would answer. */
    ResponseMessage properAnswer(Asked request) throws InterruptedException {
        return switch (request.message().apiKey()) {
            case API_VERSIONS -> LoopbackServer.versions(without.toArray(ApiKey[]::new));
            case METADATA -> metadata();
            case FETCH -> logs.fetch(request.node(), request.as(FetchRequest.class), request.version());
            case LIST_OFFSETS -> logs.offsets(request.node(), request.as(ListOffsetsRequest.class));
            case FIND_COORDINATOR -> coordinator(request.as(FindCoordinatorRequest.class));
            case JOIN_GROUP -> group.join(request.as(JoinGroupRequest.class));
            case SYNC_GROUP -> group.sync(request.as(SyncGroupRequest.class));
            case HEARTBEAT -> group.heartbeat(request.as(HeartbeatRequest.class));
            case LEAVE_GROUP -> group.leave(request.as(LeaveGroupRequest.class));
            case OFFSET_FETCH -> group.fetch(request.as(OffsetFetchRequest.class));
            case OFFSET_COMMIT -> group.commit(request.as(OffsetCommitRequest.class));
            default -> throw new IllegalStateException("No script for " + request.message().apiKey());
        };
    }

    private FindCoordinatorResponse coordinator(FindCoordinatorRequest request) {
        List<FindCoordinatorResponse.Coordinator> found = new ArrayList<>();
        request.coordinatorKeys().forEach(key -> found.add(new FindCoordinatorResponse.Coordinator()
                .key(key).nodeId(1).host("127.0.0.1").port(servers.get(0).port())));
        return new FindCoordinatorResponse().coordinators(found);
    }

    private MetadataResponse metadata() {
        List<MetadataResponseBroker> brokers = new ArrayList<>();
        for (int i = 1; i <= servers.size(); i++) {
            brokers.add(new MetadataResponseBroker().nodeId(i).host("127.0.0.1").port(servers.get(i - 1).port()));
        }
        Map<String, MetadataResponseTopic> topics = new TreeMap<>();
        logs.forEach((partition, log) -> topics
                .computeIfAbsent(partition.topic(), name -> new MetadataResponseTopic().name(name).topicId(log.topicId()))
                .partitions().add(new MetadataResponsePartition()
                        .partitionIndex(partition.partition()).leaderId(log.leader()).leaderEpoch(log.leaderEpoch())
                        .errorCode((log.leader() < 0 ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE).code())
                        .replicaNodes(List.of(1)).isrNodes(List.of(1))));
        return new MetadataResponse().brokers(brokers).controllerId(1).clusterId("scripted").topics(new ArrayList<>(topics.values()));
    }

    @Override
    public void close() throws IOException {
        logs.close();
        for (LoopbackServer server : servers) {
            server.close();
        }
    }
}
