package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the log that no broker of a cluster can be reached, once for each time that this is so, and that one can be reached again. On the loop only.
 *
 * <p>A single broker that is down is no news at this level: the clients go on with the others. Nor is a bootstrap address that answers the end of an outage
 * in which the brokers that it names cannot be reached: they are what is needed.
 */
final class Outage {

    private static final Logger log = LoggerFactory.getLogger(Outage.class);

    private final EventLoop loop;
    private final Router router;
    private final String clientId;
    private boolean told;
    private long sinceNanos;

    Outage(EventLoop loop, Router router, String clientId) {
        this.loop = loop;
        this.router = router;
        this.clientId = clientId;
    }

    /** A connection was lost, or could not be made. */
    void lost() {
        if (!told && router.isCutOff()) {
            told = true;
            sinceNanos = loop.nanoTime();
            log.warn("{}: no broker of the cluster can be reached; they are tried again until one can: {}", clientId, router.describeFailures());
        }
    }

    /** A connection is ready. */
    void connected(Node broker) {
        if (told && broker.id() >= 0) {
            told = false;
            log.info("{}: broker {} can be reached again, after {} without any", clientId, broker, Times.text(Duration.ofNanos(loop.nanoTime() - sinceNanos)));
        }
    }
}
