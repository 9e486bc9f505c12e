package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceRequest.TopicProduceData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.NodeEndpoint;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.TopicProduceResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Makes Produce requests and reads their answers. On the loop. */
final class ProduceRequests {

    /** From this version on topics are told by their ids (KIP-516). */
    private static final int FIRST_WITH_TOPIC_IDS = 13;

    private final ClientConnections connections;
    private final StuckBrokers stuckBrokers;
    private final ProducerListener listener;
    private final Acks acks;
    private final Duration timeout;
    private final @Nullable TransactionGate transactions;

    ProduceRequests(
            ClientConnections connections, StuckBrokers stuckBrokers, ProducerListener listener, Acks acks, Duration timeout,
            @Nullable TransactionGate transactions) {
        this.connections = connections;
        this.stuckBrokers = stuckBrokers;
        this.listener = listener;
        this.acks = acks;
        this.timeout = timeout;
        this.transactions = transactions;
    }

    /** How long a request may take. */
    Duration timeout() {
        return timeout;
    }

    /**
     * Sends a request that is made when the connection is about to write it, and so can hold what comes in until then.
     *
     * @param byName whether it will have a topic whose id is not known
     */
    CompletableFuture<ReceivedFrame<ProduceResponse>> dispatch(int node, boolean byName, IntFunction<ProduceRequest> maker) {
        int highest = byName ? Math.min(FIRST_WITH_TOPIC_IDS - 1, highestVersion()) : highestVersion();
        stuckBrokers.watch();
        IntFunction<ProduceRequest> noting = version -> {
            ProduceRequest made = maker.apply(version);
            stuckBrokers.sentTo(node);
            return made;
        };
        return connections.dispatchFrame(ApiKey.PRODUCE, noting, node, RequestOptions.of(ConnectionClass.PRODUCE, timeout).upToVersion(highest));
    }

    private int highestVersion() {
        return transactions == null ? Short.MAX_VALUE : transactions.highestProduceVersion();
    }

    private int lowestVersion() {
        return transactions == null ? 0 : transactions.lowestProduceVersion();
    }

    /**
     * Whether a topic can be told in a request of a version: later ones need its id, and not every broker tells ids; and what a transaction may be written with
     * can have changed since the request was announced.
     */
    boolean canTell(String topic, int version) {
        return version >= lowestVersion() && version <= highestVersion() && (version < FIRST_WITH_TOPIC_IDS || !idOf(topic).equals(Uuid.ZERO));
    }

    /** Where a topic's batches go that are sent to a broker now. */
    Destination destination(int node, String topic) {
        return new Destination(node, idOf(topic));
    }

    private Uuid idOf(String topic) {
        TopicInfo info = connections.metadata().snapshot().topic(topic);
        return info == null ? Uuid.ZERO : info.id();
    }

    /** Makes a request of one batch of each of several partitions. */
    ProduceRequest make(List<ProducerBatch> batches) {
        long now = connections.loop().nanoTime();
        Map<String, TopicProduceData> topics = new LinkedHashMap<>();
        for (ProducerBatch batch : batches) {
            TopicPartition partition = batch.partition();
            TopicProduceData topic = topics.computeIfAbsent(
                    partition.topic(), name -> new TopicProduceData().name(name).topicId(batch.destination().topicId()));
            topic.partitionData().add(new PartitionProduceData().index(partition.partition()).records(batch.send(now)));
            listener.batchSent(partition, batch.count(), batch.sizeInBytes(), batch.uncompressedSize(),
                    Duration.ofNanos(now - batch.createdNanos()), batch.attempts());
        }
        return new ProduceRequest()
                .transactionalId(transactions == null ? null : transactions.transactionalId())
                .acks(acks.id())
                .timeoutMs((int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(Times.nanos(timeout))))
                .topicData(new ArrayList<>(topics.values()));
    }

    /**
     * The answer to each batch; a batch that is not in the answer has none. Leaders that the answer names are taken over (KIP-951).
     *
     * @param request the request that was made of the batches: it alone knows which names the ids had when they were used. A topic that was deleted or made
     *     again meanwhile has another, or none.
     */
    Map<ProducerBatch, PartitionProduceResponse> answers(
            ProduceRequest request, ReceivedFrame<ProduceResponse> frame, List<ProducerBatch> batches) {
        Map<Uuid, String> names = new HashMap<>();
        request.topicData().forEach(topic -> names.put(topic.topicId(), topic.name()));
        Map<TopicPartition, PartitionProduceResponse> byPartition = new HashMap<>();
        for (TopicProduceResponse topic : frame.response().responses()) {
            String name = topic.name().isEmpty() ? names.get(topic.topicId()) : topic.name();
            if (name == null) {
                continue;
            }
            for (PartitionProduceResponse partition : topic.partitionResponses()) {
                TopicPartition key = new TopicPartition(name, partition.index());
                byPartition.put(key, partition);
            }
        }
        Map<ProducerBatch, PartitionProduceResponse> answers = new HashMap<>();
        for (ProducerBatch batch : batches) {
            PartitionProduceResponse answer = byPartition.get(batch.partition());
            if (answer != null) {
                answers.put(batch, answer);
                takeOverLeader(batch, answer, frame.response());
            }
        }
        return answers;
    }

    private void takeOverLeader(ProducerBatch batch, PartitionProduceResponse answer, ProduceResponse response) {
        int leader = answer.currentLeader().leaderId();
        if (leader < 0 || answer.errorCode() == 0) {
            return;
        }
        Node node = null;
        for (NodeEndpoint endpoint : response.nodeEndpoints()) {
            if (endpoint.nodeId() == leader) {
                node = new Node(leader, endpoint.host(), endpoint.port(), endpoint.rack());
            }
        }
        connections.metadata().updateLeader(batch.partition(), batch.destination().topicId(), leader, answer.currentLeader().leaderEpoch(), node);
    }
}
