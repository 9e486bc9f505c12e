package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.util.ArrayList;
import java.util.List;

/** A Produce request with acks=all, until every follower that is in sync has what was appended. */
final class PendingProduce {

    private final FakeKafka cluster;
    private final Exchange<ProduceRequest, ProduceResponse> exchange;
    private final List<PartitionWrite> writes;
    private final List<PartitionWrite> waiting = new ArrayList<>();
    private final ProduceResponse response;
    private final Runnable watcher = this::look;

    PendingProduce(
            FakeKafka cluster, Exchange<ProduceRequest, ProduceResponse> exchange, List<PartitionWrite> writes, ProduceResponse response) {
        this.cluster = cluster;
        this.exchange = exchange;
        this.writes = writes;
        this.response = response;
    }

    void start() {
        writes.stream().filter(write -> !write.hasFailed()).forEach(waiting::add);
        settle();
        if (waiting.isEmpty()) {
            answer();
            return;
        }
        List<PartitionLog> logs = waiting.stream().map(write -> partition(write).log()).toList();
        Timers.Entry timeout = cluster.timers().afterMillis(exchange.request().timeoutMs(), this::timedOut);
        exchange.onEnd(() -> {
            timeout.cancel();
            logs.forEach(log -> log.unwatch(watcher));
        });
        logs.forEach(log -> log.watch(watcher));
    }

    private void look() {
        settle();
        if (waiting.isEmpty()) {
            answer();
        }
    }

    private void settle() {
        waiting.removeIf(write -> {
            FakePartition partition = partition(write);
            if (partition.leader() != exchange.broker().id()) {
                write.response().errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
                return true;
            }
            if (cluster.topics().find(partition.topic().id()) == null) {
                write.response().errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
                return true;
            }
            if (partition.log().highWatermark() < write.requiredOffset()) {
                return false;
            }
            if (partition.inSync().size() < partition.requiredInSync()) {
                write.response().errorCode(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND.code());
            }
            return true;
        });
    }

    private void timedOut() {
        waiting.forEach(write -> write.response().errorCode(ErrorCode.REQUEST_TIMED_OUT.code()));
        answer();
    }

    private void answer() {
        CurrentLeaders.addTo(response, writes, cluster, exchange.version());
        exchange.reply(response);
    }

    private static FakePartition partition(PartitionWrite write) {
        FakePartition partition = write.partition();
        if (partition == null) {
            throw new IllegalStateException("Nothing was appended to " + write);
        }
        return partition;
    }
}
