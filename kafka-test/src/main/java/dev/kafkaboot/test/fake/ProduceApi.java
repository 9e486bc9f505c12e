package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceRequest.TopicProduceData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.TopicProduceResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Produce, from version 3 on: each partition's batch is appended or refused for itself. */
final class ProduceApi {

    private static final short ACKS_ALL = -1;
    private static final short ACKS_LEADER = 1;
    private static final short ACKS_NONE = 0;

    /** From this version on topics have ids (KIP-516). */
    private static final int FIRST_WITH_TOPIC_IDS = 13;

    private final FakeKafka cluster;
    private final PartitionWriter writer;

    private ProduceApi(FakeKafka cluster) {
        this.cluster = cluster;
        this.writer = new PartitionWriter(cluster);
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(ProduceRequest::new, new ProduceApi(cluster)::produce, ProduceApi::failure));
    }

    private void produce(Exchange<ProduceRequest, ProduceResponse> exchange) {
        ProduceRequest request = exchange.request();
        short acks = request.acks();
        if (PartitionWriter.hasTransactionalRecords(request) && request.transactionalId() == null) {
            answer(exchange, failure(request, exchange.version(), ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
            return;
        }
        if (acks != ACKS_ALL && acks != ACKS_LEADER && acks != ACKS_NONE) {
            answer(exchange, failure(request, exchange.version(), ErrorCode.INVALID_REQUIRED_ACKS));
            return;
        }
        List<PartitionWrite> writes = new ArrayList<>();
        ProduceResponse response = new ProduceResponse();
        List<TopicProduceResponse> topics = new ArrayList<>();
        for (TopicProduceData topic : request.topicData()) {
            topics.add(write(exchange, topic, writes));
        }
        response.responses(topics);
        if (acks == ACKS_ALL) {
            new PendingProduce(cluster, exchange, writes, response).start();
        } else {
            CurrentLeaders.addTo(response, writes, cluster, exchange.version());
            answer(exchange, response);
        }
    }

    private TopicProduceResponse write(
            Exchange<ProduceRequest, ProduceResponse> exchange, TopicProduceData asked, List<PartitionWrite> writes) {
        boolean byId = exchange.version() >= FIRST_WITH_TOPIC_IDS;
        FakeTopic topic = byId ? cluster.topics().find(asked.topicId()) : cluster.topics().find(asked.name());
        ErrorCode unknown = byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        List<PartitionProduceResponse> answers = new ArrayList<>();
        for (PartitionProduceData data : lastOfEach(asked.partitionData())) {
            PartitionWrite write = topic == null ? PartitionWrite.refused(data.index(), unknown) : writer.write(exchange, topic, data);
            writes.add(write);
            answers.add(write.response());
        }
        return new TopicProduceResponse().name(asked.name()).topicId(asked.topicId()).partitionResponses(answers);
    }

    /** A broker keeps what a request has for a partition in a map: of two batches for one partition it takes the second and never looks at the first. */
    private static Collection<PartitionProduceData> lastOfEach(List<PartitionProduceData> asked) {
        Map<Integer, PartitionProduceData> byIndex = new LinkedHashMap<>();
        asked.forEach(data -> byIndex.put(data.index(), data));
        return byIndex.values();
    }

    /** Answers, but for acks=0, where the only answer is the end of the connection, if anything failed. */
    private static void answer(Exchange<ProduceRequest, ProduceResponse> exchange, ProduceResponse response) {
        if (exchange.request().acks() != ACKS_NONE) {
            exchange.reply(response);
        } else if (response.responses().stream().flatMap(topic -> topic.partitionResponses().stream()).anyMatch(p -> p.errorCode() != 0)) {
            exchange.connection().close();
        } else {
            exchange.replyNothing();
        }
    }

    private static ProduceResponse failure(ProduceRequest request, short version, ErrorCode error) {
        return new ProduceResponse()
                .responses(request.topicData().stream()
                        .map(topic -> new TopicProduceResponse()
                                .name(topic.name())
                                .topicId(topic.topicId())
                                .partitionResponses(topic.partitionData().stream()
                                        .map(data -> PartitionWrite.refused(data.index(), error).response())
                                        .toList()))
                        .toList());
    }
}
