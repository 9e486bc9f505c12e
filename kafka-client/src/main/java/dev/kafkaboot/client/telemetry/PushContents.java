package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what is pushed of what the sources tell, within the bound that the broker sets. On the loop. */
final class PushContents {

    private static final Logger log = LoggerFactory.getLogger(PushContents.class);

    private final EventLoop loop;
    private final Supplier<Map<String, String>> labels;
    private final List<MetricSource> sources;
    private final ApplicationMetrics application;
    private final SumHistory history;
    private final PushCompression compression = new PushCompression();

    /** What brokers were seen to refuse is less than what they say that they take. */
    private int mostBytes = Integer.MAX_VALUE;

    PushContents(EventLoop loop, Supplier<Map<String, String>> labels, List<MetricSource> sources, ApplicationMetrics application) {
        this.loop = loop;
        this.labels = labels;
        this.sources = List.copyOf(sources);
        this.application = application;
        this.history = new SumHistory(loop.currentTimeMillis());
    }

    /**
     * What is pushed.
     *
     * @param all the metrics that are wanted
     * @param sent those of them that there is room for
     * @param millis when they were taken
     * @param type how they are compressed
     * @param bytes the message
     */
    record Push(List<MetricPoint> all, List<MetricPoint> sent, long millis, CompressionType type, ByteBuffer bytes) {

        boolean isEmpty() {
            return sent.isEmpty();
        }
    }

    /**
     * Takes what there is. What the application tells of itself comes last, as the last are left out where there is no room for all.
     *
     * @param patience how long to wait for that at most
     * @return completes on the loop; at once, if nothing of the application is wanted
     */
    CompletableFuture<Push> take(Subscription wanted, Duration patience) {
        return application.take(wanted::wants, patience).thenApply(told -> take(wanted, told));
    }

    private Push take(Subscription wanted, List<MetricPoint> ofApplication) {
        MetricReport report = new MetricReport(wanted::wants);
        long nowNanos = loop.nanoTime();
        for (MetricSource source : sources) {
            source.tell(report, nowNanos);
        }
        List<MetricPoint> all = new ArrayList<>(report.points());
        all.addAll(ofApplication);
        List<MetricPoint> told = wanted.delta() ? history.deltas(all) : all;
        long nowMillis = loop.currentTimeMillis();
        MetricsData.Frame frame = new MetricsData.Frame(labels.get(), wanted.delta(), history.startMillis(wanted.delta()), nowMillis);
        int room = Math.min(wanted.maxBytes(), mostBytes);
        int count = told.size();
        while (true) {
            byte[] plain = count == 0 ? new byte[0] : MetricsData.of(told.subList(0, count), frame);
            PushCompression.Compressed compressed = compression.compress(plain, wanted.compressionTypes());
            if (compressed.bytes().remaining() <= room || count == 0) {
                return new Push(all, all.subList(0, count), nowMillis, compressed.type(), compressed.bytes());
            }
            log.debug("{} metrics take {} bytes of {} that the broker takes", count, compressed.bytes().remaining(), room);
            count /= 2;
        }
    }

    /** A broker has taken it. */
    void taken(Push push) {
        history.taken(push.all(), push.sent(), push.millis());
    }

    /** A broker has told anew what it takes. */
    void boundTold() {
        mostBytes = Integer.MAX_VALUE;
    }

    /** It was too large for a broker, whatever that had said. */
    void tooLarge(Push push) {
        mostBytes = push.bytes().limit() / 2;
    }

    void refused(CompressionType type) {
        compression.refused(type);
    }
}
