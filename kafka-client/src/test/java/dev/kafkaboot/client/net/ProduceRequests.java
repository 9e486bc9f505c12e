package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
import java.util.List;

/** Produce requests of a size: what they hold is no batch, since nobody looks. */
final class ProduceRequests {

    private ProduceRequests() {}

    static ProduceRequest produce(int acks, int bytes) {
        ProduceRequest.PartitionProduceData partition = new ProduceRequest.PartitionProduceData()
                .index(0)
                .records(Bytes.of(ByteBuffer.allocateDirect(bytes)));
        ProduceRequest.TopicProduceData topic = new ProduceRequest.TopicProduceData().name("t").partitionData(List.of(partition));
        return new ProduceRequest().acks((short) acks).timeoutMs(1000).topicData(List.of(topic));
    }
}
