package dev.kafkaboot.client.telemetry;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A metric of the application's, and how it behaves. Safe from any thread. */
final class RegisteredMetric {

    private static final Logger log = LoggerFactory.getLogger(ApplicationMetrics.class);

    private final ApplicationMetric metric;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();

    RegisteredMetric(ApplicationMetric metric) {
        this.metric = metric;
    }

    ApplicationMetric metric() {
        return metric;
    }

    /** Whether it is being asked: one that never answers must not cost a thread at each push. */
    boolean isBusy() {
        return busy.get();
    }

    /** Asks for the value, unless somebody else is waiting for it, and adds it. May block. */
    void ask(Collection<MetricPoint> points) {
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        try {
            MetricPoint point = metric.take();
            if (!Double.isNaN(point.value())) {
                points.add(point);
            }
        } catch (Throwable thrown) { // it is the application's code, and an error of its own is no reason to tell brokers nothing of the rest
            warn("threw " + thrown, thrown);
        } finally {
            busy.set(false);
        }
    }

    /** Says once what is wrong with it, as nobody would see why it is missing. */
    void warn(String what, @Nullable Throwable thrown) {
        if (warned.compareAndSet(false, true)) {
            log.warn("The application's metric {} {}; it is left out of what is pushed to brokers while that is so", metric, what, thrown);
        } else {
            log.debug("The application's metric {} {}", metric, what, thrown);
        }
    }
}
