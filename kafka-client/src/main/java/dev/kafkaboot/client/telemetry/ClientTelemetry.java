package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TelemetryConfig;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's metrics for the brokers that ask for them (KIP-714). Each client is an instance of its own, also among those that share connections.
 *
 * <p>It counts what happens on the client's connections, and pushes that, with what the client counts itself, when and as brokers want it. Nothing of it
 * disturbs the client: brokers that do not take metrics are never asked, nothing is connected to before the client is, and what goes wrong is nobody's concern.
 *
 * <p>Safe from any thread.
 *
 * @see <a href="https://cwiki.apache.org/confluence/x/2xRRCg">KIP-714: Client metrics and observability</a>
 */
public final class ClientTelemetry {

    /** What the last push may take at most, whatever the limit of the close is: it is worth less than an end that comes soon. */
    private static final Duration LAST_PUSH = Duration.ofSeconds(1);

    private final ClientConnections connections;
    private final EventLoop loop;
    private final ApplicationMetrics application;
    private final @Nullable MetricsPush push;
    private final List<Registration> registrations = new ArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    private ClientTelemetry(ClientConnections connections, ApplicationMetrics application, @Nullable MetricsPush push) {
        this.connections = connections;
        this.loop = connections.loop();
        this.application = application;
        this.push = push;
    }

    /**
     * Begins to count, unless {@code enable.metrics.push} is off.
     *
     * @param prefix what the names of the connections' metrics begin with, such as {@code org.apache.kafka.producer.}
     * @param labels what is told of the client as a whole: its group, for example; asked on the loop for each push
     * @param sources what the client counts itself; what is a {@link ConnectionListener} too hears of its connections
     */
    public static ClientTelemetry begin(
            ClientConfig config, ClientConnections connections, String prefix, Supplier<Map<String, String>> labels, MetricSource... sources) {
        EventLoop loop = connections.loop();
        ApplicationMetrics application = new ApplicationMetrics(loop, prefix);
        if (!config.get(TelemetryConfig.ENABLE_METRICS_PUSH)) {
            return new ClientTelemetry(connections, application, null);
        }
        ConnectionMetrics counts = new ConnectionMetrics(prefix, loop.nanoTime());
        List<MetricSource> all = new ArrayList<>(List.of(counts));
        all.addAll(List.of(sources));
        MetricsPush push = new MetricsPush(connections, new PushContents(loop, labels, all, application), config.get(CommonConfig.REQUEST_TIMEOUT));
        ClientTelemetry telemetry = new ClientTelemetry(connections, application, push);
        for (MetricSource source : all) {
            if (source instanceof ConnectionListener listener) {
                telemetry.registrations.add(connections.addListener(listener));
            }
        }
        telemetry.registrations.add(connections.addListener(new Arrivals(push, loop)));
        return telemetry;
    }

    /**
     * Hears of brokers that may take metrics: when one is connected, and, as others may connect where connections are shared, now and then when one answers. A look
     * costs little, but answers are many.
     */
    private static final class Arrivals implements ConnectionListener {

        private static final long NANOS_BETWEEN_LOOKS = Duration.ofSeconds(10).toNanos();

        private final MetricsPush push;
        private final EventLoop loop;
        private long lookedNanos;

        Arrivals(MetricsPush push, EventLoop loop) {
            this.push = push;
            this.loop = loop;
            this.lookedNanos = loop.nanoTime() - NANOS_BETWEEN_LOOKS;
        }

        @Override
        public void connected(Node broker, ConnectionClass connectionClass) {
            push.saw(broker.id());
        }

        @Override
        public void responseReceived(Node broker, ApiKey api, int bytes, Duration latency) {
            if (push.isSilent() && loop.nanoTime() - lookedNanos >= NANOS_BETWEEN_LOOKS) {
                lookedNanos = loop.nanoTime();
                push.saw(broker.id());
            }
        }
    }

    /** The application's own metrics among those that are pushed. */
    public ApplicationMetrics applicationMetrics() {
        return application;
    }

    /**
     * The id that a broker gave to this client, under which its metrics are found; the same as long as the client lives.
     *
     * @param limit how long to wait until a broker that takes metrics was asked
     * @return fails with {@link TimeoutException} when the limit has passed, and with another {@link dev.kafkaboot.client.KafkaException} as soon as no broker
     *     will give an id any more
     * @throws IllegalStateException if {@code enable.metrics.push} is off
     */
    public CompletableFuture<Uuid> clientInstanceId(Duration limit) {
        MetricsPush known = push;
        if (known == null) {
            throw new IllegalStateException("The client has no instance id, as " + TelemetryConfig.ENABLE_METRICS_PUSH.name() + " is false");
        }
        return connections.handOver(() -> {
            CompletableFuture<Uuid> answer = known.identity();
            if (!answer.isDone()) {
                Timer timer = loop.schedule(limit, () -> answer.completeExceptionally(new TimeoutException(
                        "Waited " + Times.text(limit) + " for the client's instance id: no broker that takes metrics has answered yet")));
                answer.whenComplete((id, failure) -> timer.cancel());
            }
            return answer;
        });
    }

    /** As {@link #clientInstanceId(Duration)}, and waits for it. */
    public Uuid awaitClientInstanceId(Duration limit) {
        // The future has the limit itself and a better message; this one is for a loop that does not get round to it.
        return loop.join(clientInstanceId(limit), limit.plusSeconds(1), () -> "the client's instance id");
    }

    /**
     * Pushes for the last time, if brokers want something, and ends. A second call does nothing.
     *
     * @param limit how long to wait at most; it takes no longer than a second, and does not wait on the loop's thread
     */
    public void end(Duration limit) {
        MetricsPush known = push;
        if (known == null || !ended.compareAndSet(false, true)) {
            return;
        }
        registrations.forEach(Registration::remove);
        Duration most = limit.compareTo(LAST_PUSH) < 0 ? limit : LAST_PUSH;
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            loop.execute(() -> known.end(most).whenComplete((answered, failure) -> done.complete(null)));
            if (!loop.inLoop()) {
                loop.await(done, most);
            }
        } catch (ClientClosedException | InterruptException givenUp) {
            // The loop took everything with it; or nobody is to wait, and what is left of the close finds that out for itself.
        }
    }
}
