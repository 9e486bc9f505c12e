package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.EpochEndOffset;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A Fetch request until it is answered: as soon as there is as much as it wants, or something that it cannot wait for, or its time is over. */
final class PendingFetch {

    private static final EpochEndOffset NO_DIVERGENCE = new EpochEndOffset();

    private final FakeKafka cluster;
    private final Exchange<FetchRequest, FetchResponse> exchange;
    private final FetchPlan plan;
    private final FetchResponses responses;
    private final Runnable watcher = this::look;

    PendingFetch(FakeKafka cluster, Exchange<FetchRequest, FetchResponse> exchange, FetchPlan plan) {
        this.cluster = cluster;
        this.exchange = exchange;
        this.plan = plan;
        this.responses = new FetchResponses(cluster, exchange, plan);
    }

    void start() {
        int maxWait = exchange.request().maxWaitMs();
        look(/* force= */ maxWait <= 0 || plan.asked().isEmpty());
        if (!exchange.isOpen()) {
            return;
        }
        List<PartitionLog> logs = plan.asked().keySet().stream()
                .map(key -> PartitionReader.find(cluster, key))
                .filter(Objects::nonNull)
                .map(FakePartition::log)
                .toList();
        Timers.Entry timeout = cluster.timers().afterMillis(maxWait, () -> look(/* force= */ true));
        exchange.onEnd(() -> {
            timeout.cancel();
            logs.forEach(log -> log.unwatch(watcher));
        });
        logs.forEach(log -> log.watch(watcher));
    }

    private void look() {
        look(/* force= */ false);
    }

    private void look(boolean force) {
        PartitionReader reader = new PartitionReader(cluster, exchange.broker(), exchange.request(), exchange.version());
        Map<FetchKey, PartitionData> results = new LinkedHashMap<>();
        Map<FetchKey, PartitionData> unknown = new LinkedHashMap<>();
        plan.asked().forEach((key, asked) -> {
            boolean isKnown = PartitionReader.find(cluster, key) != null;
            (isKnown ? results : unknown).put(key, reader.read(key, asked));
        });
        results.putAll(unknown); // a broker tells of what it does not know behind what it has read
        if (force || isEnough(results)) {
            exchange.reply(responses.of(results));
        }
    }

    private boolean isEnough(Map<FetchKey, PartitionData> results) {
        int wanted = Math.min(exchange.request().minBytes(), exchange.request().maxBytes());
        long size = 0;
        for (PartitionData data : results.values()) {
            if (data.errorCode() != 0 || data.preferredReadReplica() >= 0 || !data.divergingEpoch().equals(NO_DIVERGENCE)) {
                return true;
            }
            size += data.records() == null ? 0 : data.records().size();
        }
        return size >= wanted;
    }
}
