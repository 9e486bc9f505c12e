package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.client.net.LoopbackServer.Request;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceRequest.TopicProduceData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.TopicProduceResponse;
import dev.kafkaboot.protocol.message.RequestHeader;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Brokers on loopback that take Produce requests and answer them as a test says. There is one topic, {@value #TOPIC}, unless a test adds others. */
final class ScriptedCluster implements AutoCloseable {

    static final String TOPIC = "orders";

    /** What the first producer gets that asks for an id. */
    static final int FIRST_PRODUCER_ID = 41;

    private static final long TOPIC_ID = 7;

    /** What a broker does with a Produce request. */
    interface Answer {

        /** The answer; null for none. What it throws closes the connection. */
        @Nullable ProduceResponse to(Produced request) throws Exception;
    }

    /**
     * A Produce request as it came.
     *
     * @param node the broker that got it
     * @param version its version
     * @param acks its acks
     * @param ids the topics' ids, as they were told
     * @param values the values of its records by partition
     * @param headers the headers of its records, as {@code name=value}
     * @param uncompressed whether no batch was compressed
     * @param stamps what its batches are known by: producer id, epoch and sequence, {@code 41:0:17}
     */
    record Produced(
            int node, short version, short acks, Map<String, Uuid> ids, Map<TopicPartition, List<String>> values, List<String> headers,
            boolean uncompressed, Map<TopicPartition, String> stamps) {

        /** What its only batch is known by. */
        String stamp() {
            assertThat(stamps).hasSize(1);
            return stamps.values().iterator().next();
        }

        List<String> all() {
            return values.values().stream().flatMap(List::stream).toList();
        }
    }

    private final List<LoopbackServer> servers = new ArrayList<>();
    private final BlockingQueue<Answer> script = new LinkedBlockingQueue<>();
    private final BlockingQueue<Produced> requests = new LinkedBlockingQueue<>();
    private final Map<Integer, Integer> leaders = new ConcurrentHashMap<>();
    private final Map<TopicPartition, List<String>> logs = new ConcurrentHashMap<>();
    private final Map<Uuid, String> topics = Collections.synchronizedMap(new LinkedHashMap<>());
    private final BlockingQueue<InitProducerIdResponse> identities = new LinkedBlockingQueue<>();
    private final AtomicInteger identityRequests = new AtomicInteger();
    private final AtomicInteger metadataRequests = new AtomicInteger();
    private volatile boolean tellsTopicIds = true;
    private final AtomicLong generation = new AtomicLong();

    private ScriptedCluster(int nodes, int partitions) {
        for (int i = 0; i < partitions; i++) {
            leaders.put(i, 1);
        }
        addTopic(TOPIC);
        for (int i = 1; i <= nodes; i++) {
            int node = i;
            servers.add(LoopbackServer.start((socket, number) -> serve(node, socket)));
        }
    }

    static ScriptedCluster start(int nodes, int partitions) {
        return new ScriptedCluster(nodes, partitions);
    }

    /** Adds a topic, with as many partitions as the first. */
    void addTopic(String name) {
        topics.put(new Uuid(TOPIC_ID + topics.size(), generation.get()), name);
    }

    /** From now on all topics have other ids, as if they had been deleted and made again; and clients have seen that. */
    void makeTopicsAgain() throws InterruptedException {
        generation.incrementAndGet();
        int before = metadataRequests.get();
        while (metadataRequests.get() < before + 2) { // the second is asked for by a client that has had the answer to the first
            Thread.onSpinWait();
        }
    }

    /** Does not tell topic ids, although it takes them in Produce requests. */
    ScriptedCluster withoutTopicIds() {
        tellsTopicIds = false;
        return this;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + servers.get(0).port();
    }

    int port(int node) {
        return servers.get(node - 1).port();
    }

    /** The next requests are answered like this, in turn; those after that are accepted. */
    void answer(Answer... answers) {
        script.addAll(List.of(answers));
    }

    /** The next requests for an id are answered like this, in turn; those after that get one. */
    void identify(InitProducerIdResponse... answers) {
        identities.addAll(List.of(answers));
    }

    /** How often an id was asked for. */
    int identityRequests() {
        return identityRequests.get();
    }

    /** What was accepted, in order. */
    List<String> log(int partition) {
        return log(TOPIC, partition);
    }

    /** What was accepted, in order. */
    List<String> log(String topic, int partition) {
        List<String> log = logOf(new TopicPartition(topic, partition));
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    private List<String> logOf(TopicPartition partition) {
        return logs.computeIfAbsent(partition, absent -> new ArrayList<>());
    }

    /** Waits for the next Produce request. */
    Produced next() throws InterruptedException {
        return Objects.requireNonNull(requests.poll(20, TimeUnit.SECONDS), "no Produce request came");
    }

    boolean hasNext() {
        return !requests.isEmpty();
    }

    /** Accepts the records, as a broker does. */
    ProduceResponse accept(Produced request) {
        return response(request, (partition, values) -> {
            List<String> log = logOf(partition);
            synchronized (log) {
                PartitionProduceResponse answer = new PartitionProduceResponse().index(partition.partition()).baseOffset(log.size());
                log.addAll(values);
                return answer;
            }
        });
    }

    static ProduceResponse refuse(Produced request, ErrorCode error) {
        return response(request, (partition, values) ->
                new PartitionProduceResponse().index(partition.partition()).errorCode(error.code()).baseOffset(-1));
    }

    static Answer error(ErrorCode error) {
        return request -> refuse(request, error);
    }

    private static ProduceResponse response(
            Produced request, BiFunction<TopicPartition, List<String>, PartitionProduceResponse> answer) {
        Map<String, TopicProduceResponse> byTopic = new LinkedHashMap<>();
        request.values.forEach((partition, values) -> byTopic.computeIfAbsent(
                partition.topic(), name -> new TopicProduceResponse().name(name).topicId(request.ids.get(name)).partitionResponses(new ArrayList<>()))
                .partitionResponses().add(answer.apply(partition, values)));
        return new ProduceResponse().responses(new ArrayList<>(byTopic.values()));
    }

    private void serve(int node, Socket socket) throws Exception {
        while (true) {
            byte[] frame = read(socket);
            ByteBuffer buffer = ByteBuffer.wrap(frame);
            ApiKey api = Objects.requireNonNull(ApiKey.forId(buffer.getShort(0)));
            short version = buffer.getShort(2);
            Reader in = new Reader(buffer);
            RequestHeader header = new RequestHeader();
            header.read(in, api.requestHeaderVersion(version));
            Request request = new Request(api, version, header.correlationId());
            ResponseMessage response = switch (api) {
                case API_VERSIONS -> versions();
                case METADATA -> metadata();
                case INIT_PRODUCER_ID -> identity();
                case PRODUCE -> produce(node, in, version);
                default -> throw new IllegalStateException("No script for " + api);
            };
            if (response != null) {
                LoopbackServer.write(socket, LoopbackServer.frame(request, response));
            }
        }
    }

    private InitProducerIdResponse identity() {
        InitProducerIdResponse scripted = identities.poll();
        int id = FIRST_PRODUCER_ID + identityRequests.getAndIncrement();
        return scripted == null ? new InitProducerIdResponse().producerId(id).producerEpoch((short) 0) : scripted;
    }

    private static byte[] read(Socket socket) throws IOException {
        DataInputStream data = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[data.readInt()];
        data.readFully(frame);
        return frame;
    }

    private ApiVersionsResponse versions() {
        ApiVersionsResponse all = LoopbackServer.versions();
        if (!tellsTopicIds) {
            all.apiKeys().stream().filter(each -> each.apiKey() == ApiKey.METADATA.id()).forEach(each -> each.maxVersion((short) 9));
        }
        return all;
    }

    private MetadataResponse metadata() {
        List<MetadataResponseBroker> brokers = new ArrayList<>();
        for (int i = 1; i <= servers.size(); i++) {
            brokers.add(new MetadataResponseBroker().nodeId(i).host("127.0.0.1").port(port(i)));
        }
        List<MetadataResponsePartition> partitions = new ArrayList<>();
        leaders.forEach((partition, leader) -> partitions.add(
                new MetadataResponsePartition().partitionIndex(partition).leaderId(leader).leaderEpoch(1).replicaNodes(List.of(leader))
                        .isrNodes(List.of(leader))));
        metadataRequests.incrementAndGet();
        List<MetadataResponseTopic> told = new ArrayList<>();
        topics.forEach((id, name) -> told.add(new MetadataResponseTopic().name(name)
                .topicId(tellsTopicIds ? new Uuid(id.mostSignificantBits(), generation.get()) : Uuid.ZERO).partitions(partitions)));
        return new MetadataResponse().brokers(brokers).controllerId(1).clusterId("scripted").topics(told);
    }

    private @Nullable ProduceResponse produce(int node, Reader in, short version) throws Exception {
        ProduceRequest request = new ProduceRequest();
        request.read(in, version);
        Map<String, Uuid> ids = new LinkedHashMap<>();
        Map<TopicPartition, List<String>> values = new LinkedHashMap<>();
        List<String> headers = new ArrayList<>();
        boolean uncompressed = true;
        Map<TopicPartition, String> stamps = new LinkedHashMap<>();
        for (TopicProduceData topic : request.topicData()) {
            Uuid first = new Uuid(topic.topicId().mostSignificantBits(), 0);
            String name = version >= 13 ? Objects.requireNonNull(topics.get(first), () -> "Another topic: " + topic) : topic.name();
            ids.put(name, topic.topicId());
            for (PartitionProduceData partition : topic.partitionData()) {
                RecordBatch batch = RecordBatches.read(Objects.requireNonNull(partition.records()).toSingleBuffer()).next();
                batch.ensureValid();
                uncompressed &= batch.compressionType().id() == 0;
                values.put(new TopicPartition(name, partition.index()), values(batch, headers));
                stamps.put(new TopicPartition(name, partition.index()), batch.producerId() + ":" + batch.producerEpoch() + ":" + batch.baseSequence());
            }
        }
        Produced produced = new Produced(node, version, request.acks(), ids, values, headers, uncompressed, stamps);
        Answer answer = script.poll();
        requests.add(produced);
        ProduceResponse response = answer == null ? accept(produced) : answer.to(produced);
        return request.acks() == 0 ? null : response;
    }

    private static List<String> values(RecordBatch batch, List<String> headers) {
        List<String> values = new ArrayList<>();
        try (RecordCursor cursor = batch.cursor(DecompressionLimits.DEFAULT)) {
            while (cursor.next()) {
                values.add(text(cursor.copyValue()));
                for (int i = 0; i < cursor.headerCount(); i++) {
                    headers.add(cursor.headers().key(i) + "=" + text(cursor.headers().value(i)));
                }
            }
        }
        return values;
    }

    private static String text(byte @Nullable [] bytes) {
        return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        for (LoopbackServer server : servers) {
            server.close();
        }
    }
}
