package dev.kafkaboot.benchmarks;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import dev.kafkaboot.record.compress.Decompressor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * No client at all: fetches over one blocking socket, asks for what follows before it reads what has come, checks checksums and copies each value. What it
 * reaches is what broker, kernel and decoding allow: a consumer adds to it what makes it one.
 */
final class BareFetchClient implements ConsumeClient {

    /** The last version that names topics, for which one need not ask for their ids. */
    private static final short VERSION = 12;

    private static final int CORRELATION_ID = 7;
    private static final int MAX_WAIT_MILLIS = 500;

    private final Run run;
    private final BareSocket socket;
    private final Decompressor decompressor = new Decompressor();
    private final long[] offsets;

    /** Two, because one is read while the next is on its way. */
    private final ByteBuffer[] answers = new ByteBuffer[2];

    private int turn;
    private boolean asked;
    private long checksum;

    private BareFetchClient(Run run, BareSocket socket) {
        this.run = run;
        this.socket = socket;
        this.offsets = new long[run.scenario().partitions()];
    }

    static BareFetchClient connect(Run run) throws IOException {
        return new BareFetchClient(run, BareSocket.connect(run.bootstrap()));
    }

    @Override
    public void begin() {
        if (asked) {
            receive();
        }
        Arrays.fill(offsets, 0);
        checksum = 0;
        ask();
    }

    @Override
    public int poll() {
        List<RecordBatch> batches = new ArrayList<>();
        for (FetchResponse.PartitionData partition : receive()) {
            Bytes records = partition.records();
            for (RecordBatches in = RecordBatches.read(records == null ? ByteBuffer.allocate(0) : records.toSingleBuffer()); in.hasNext();) {
                RecordBatch batch = in.next();
                offsets[partition.partitionIndex()] = batch.nextOffset();
                batches.add(batch);
            }
        }
        ask();
        int count = 0;
        for (RecordBatch batch : batches) {
            batch.ensureValid();
            try (RecordCursor cursor = batch.cursor(DecompressionLimits.DEFAULT, decompressor)) {
                while (cursor.next()) {
                    byte[] value = Objects.requireNonNull(cursor.copyValue(), "the benchmark's records have values");
                    checksum += value.length + value[value.length >> 1];
                    count++;
                }
            }
        }
        return count;
    }

    private void ask() {
        List<FetchPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < offsets.length; partition++) {
            partitions.add(new FetchPartition().partition(partition).fetchOffset(offsets[partition]).partitionMaxBytes(Settings.PARTITION_FETCH_BYTES));
        }
        FetchRequest request = new FetchRequest()
                .maxWaitMs(MAX_WAIT_MILLIS)
                .minBytes(1)
                .maxBytes(Settings.FETCH_BYTES)
                .topics(new ArrayList<>(List.of(new FetchTopic().topic(run.topic()).partitions(partitions))));
        try {
            socket.write(Frame.encode(request, VERSION, CORRELATION_ID, "bare"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        asked = true;
    }

    private List<FetchResponse.PartitionData> receive() {
        turn = 1 - turn;
        try {
            answers[turn] = socket.readFrame(answers[turn]);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        asked = false;
        Reader in = new Reader(answers[turn]);
        Frame.readResponseHeader(in, ApiKey.FETCH, VERSION);
        FetchResponse response = new FetchResponse();
        response.read(in, VERSION);
        List<FetchResponse.PartitionData> partitions = new ArrayList<>();
        response.responses().forEach(topic -> partitions.addAll(topic.partitions()));
        for (FetchResponse.PartitionData partition : partitions) {
            if (partition.errorCode() != 0) {
                throw new IllegalStateException("The broker refused a fetch: " + partition);
            }
        }
        return partitions;
    }

    @Override
    public long checksum() {
        return checksum;
    }

    @Override
    public void close() {
        decompressor.close();
        socket.close();
    }
}
