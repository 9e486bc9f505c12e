package dev.kafkaboot.benchmarks;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceRequest.TopicProduceData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * No client at all: sends a Produce request that was made beforehand again and again over one blocking socket, with five in flight, and reads the answers. What
 * it reaches is what the broker takes: no producer can be faster with batches of that size.
 */
final class ReplayClient implements AutoCloseable {

    /** The last version that names topics, for which one need not ask for their ids. */
    private static final short VERSION = 12;

    private static final int IN_FLIGHT = 5;
    private static final int CORRELATION_ID = 7;
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Run run;
    private final Payloads payloads;
    private final BareSocket socket;
    private final ArrayDeque<Long> sentNanos = new ArrayDeque<>(IN_FLIGHT);

    private ReplayClient(Run run, BareSocket socket) {
        this.run = run;
        this.payloads = new Payloads(run.scenario().size());
        this.socket = socket;
    }

    static ReplayClient connect(Run run) throws IOException {
        return new ReplayClient(run, BareSocket.connect(run.bootstrap()));
    }

    /** Sends so many records: as many whole requests as they fill, and one with the rest. */
    void replay(long records, Meter meter) throws IOException {
        int[] whole = new int[run.scenario().partitions()];
        Arrays.fill(whole, recordsOfABatch());
        long perRequest = (long) whole[0] * whole.length;
        int[] rest = new int[whole.length];
        for (int i = 0; i < records % perRequest; i++) {
            rest[i % rest.length]++;
        }
        send(request(whole), records / perRequest, meter);
        send(request(rest), records % perRequest > 0 ? 1 : 0, meter);
        while (!sentNanos.isEmpty()) {
            readAnswer(meter);
        }
    }

    private int recordsOfABatch() {
        int recordSize = BatchBuilder.maxRecordSize(payloads.key(0, run.scenario().keyed()), payloads.value(0), HeaderList.EMPTY);
        return Math.max(1, (run.scenario().replayedBatch() - BatchBuilder.OVERHEAD) / recordSize);
    }

    private void send(ByteBuffer request, long times, Meter meter) throws IOException {
        for (long i = 0; i < times; i++) {
            if (sentNanos.size() == IN_FLIGHT) {
                readAnswer(meter);
            }
            sentNanos.addLast(System.nanoTime());
            socket.write(List.of(request));
        }
    }

    private void readAnswer(Meter meter) throws IOException {
        Reader in = new Reader(socket.readFrame(null));
        Frame.readResponseHeader(in, ApiKey.PRODUCE, VERSION);
        ProduceResponse response = new ProduceResponse();
        response.read(in, VERSION);
        response.responses().forEach(topic -> topic.partitionResponses().forEach(partition -> {
            if (partition.errorCode() != 0) {
                throw new IllegalStateException("The broker refused a batch: " + partition);
            }
        }));
        meter.acknowledged(sentNanos.removeFirst());
    }

    /** A request with a batch of so many records for each partition. */
    private ByteBuffer request(int[] recordsByPartition) {
        List<PartitionProduceData> partitions = new ArrayList<>();
        try (Codec codec = Compression.of(CompressionType.valueOf(run.scenario().codec().toUpperCase(Locale.ROOT))).newCodec()) {
            for (int partition = 0; partition < recordsByPartition.length; partition++) {
                if (recordsByPartition[partition] > 0) {
                    partitions.add(new PartitionProduceData().index(partition).records(batch(recordsByPartition[partition], codec)));
                }
            }
        }
        ProduceRequest request = new ProduceRequest()
                .acks((short) (run.scenario().acks().equals("all") ? -1 : 1))
                .timeoutMs(TIMEOUT_MILLIS)
                .topicData(new ArrayList<>(List.of(new TopicProduceData().name(run.topic()).partitionData(partitions))));
        List<ByteBuffer> encoded = Frame.encode(request, VERSION, CORRELATION_ID, "replay");
        ByteBuffer all = ByteBuffer.allocateDirect(encoded.stream().mapToInt(ByteBuffer::remaining).sum());
        encoded.forEach(part -> all.put(part.duplicate()));
        return all.flip();
    }

    private Bytes batch(int records, Codec codec) {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 64 * 1024);
        long now = System.currentTimeMillis();
        for (int i = 0; i < records; i++) {
            builder.append(now, payloads.key(i, run.scenario().keyed()), payloads.value(i), HeaderList.EMPTY);
        }
        builder.close(codec);
        return builder.finish(
                BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, /* transactional= */ false);
    }

    @Override
    public void close() {
        socket.close();
    }
}
