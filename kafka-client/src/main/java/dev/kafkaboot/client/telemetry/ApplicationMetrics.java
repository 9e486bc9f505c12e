package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's own metrics among those that a client pushes to brokers that ask for them (KIP-1076). Which of them are pushed, and when, is the
 * operator's choice, as it is of the client's own; a value is asked for only when it is wanted.
 *
 * <p>Values are asked for off the loop, one after the other, and waited for a second at most. What a metric does wrong (it throws, or does not answer in time) costs
 * that metric its place in the push, and is told by one warning for as long as it is registered.
 *
 * <p>Safe from any thread. Where {@code enable.metrics.push} is off, or the client is closed, metrics can be registered, and nobody asks for them.
 */
public final class ApplicationMetrics {

    private static final Logger log = LoggerFactory.getLogger(ApplicationMetrics.class);

    /** How long a push waits for values. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final String ofClient;

    /** By name, so that those of one name follow each other; guarded by itself. */
    private final TreeMap<String, RegisteredMetric> registered = new TreeMap<>();

    /** Nothing so far; names that begin with {@code ofClient} are the client's. */
    ApplicationMetrics(EventLoop loop, String ofClient) {
        this.loop = loop;
        this.ofClient = ofClient;
    }

    /**
     * Adds a metric to those that brokers may ask for.
     *
     * @return removes it; a push that is being made may have it yet
     * @throws IllegalArgumentException if its name begins like those of the client's own metrics, if one of that name and these labels is registered, or if what is
     *     registered by that name is a gauge and this a counter, or the other way round
     */
    public Registration register(ApplicationMetric metric) {
        if (metric.name().startsWith(ofClient)) {
            throw new IllegalArgumentException("'" + metric.name() + "' begins with " + ofClient + ", as the client's own metrics do");
        }
        String key = metric.name() + metric.key().labels();
        RegisteredMetric added = new RegisteredMetric(metric);
        synchronized (registered) {
            for (RegisteredMetric other : registered.values()) {
                refuseBeside(metric, other.metric());
            }
            registered.put(key, added);
        }
        return () -> {
            synchronized (registered) {
                registered.remove(key, added);
            }
        };
    }

    private static void refuseBeside(ApplicationMetric metric, ApplicationMetric other) {
        if (!metric.name().equals(other.name())) {
            return;
        }
        if (metric.key().equals(other.key())) {
            throw new IllegalArgumentException("The metric " + metric + " is registered already");
        }
        if (metric.kind() != other.kind()) {
            throw new IllegalArgumentException("The metric " + other + " is registered as a " + other.kind().word() + ", and " + metric + " is a " + metric.kind().word());
        }
    }

    private List<RegisteredMetric> registered(Predicate<String> wanted) {
        synchronized (registered) {
            return registered.values().stream().filter(each -> wanted.test(each.metric().name()) && !each.isBusy()).toList();
        }
    }

    /**
     * Asks for the values that are wanted. On the loop.
     *
     * @return completes on the loop, at once if nothing is wanted, and in time in any case, with those that were answered by then
     */
    CompletableFuture<List<MetricPoint>> take(Predicate<String> wanted, Duration limit) {
        List<RegisteredMetric> asked = registered(wanted);
        if (asked.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        CompletableFuture<List<MetricPoint>> answer = new CompletableFuture<>();
        Queue<MetricPoint> points = new ConcurrentLinkedQueue<>();
        Timer timer = loop.schedule(limit, () -> {
            answer.complete(List.copyOf(points));
            asked.stream().filter(RegisteredMetric::isBusy).forEach(each -> each.warn("has not answered within " + Times.text(limit), null));
        });
        loop.offload(() -> {
            for (RegisteredMetric each : asked) {
                if (!answer.isDone()) { // else another push may be asking by now
                    each.ask(points);
                }
            }
            return points;
        }).whenComplete((all, failure) -> {
            timer.cancel();
            if (failure != null) {
                log.debug("The application's metrics could not be asked for", failure);
            }
            answer.complete(List.copyOf(points));
        });
        return answer;
    }
}
