package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in the log that a group's coordinator has been asked in vain for a while, once for each time that this is so, and that it is over. What passes by
 * itself is asked for again without a word, and may all the same last for an hour: then polls are empty, and nothing else says why. On the loop only.
 */
final class CoordinatorTrouble {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorTrouble.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoop loop;
    private final String group;
    private boolean exists;
    private boolean told;
    private long sinceNanos;

    /**
     * None so far.
     *
     * @param group what it is about, in the words of a message
     */
    CoordinatorTrouble(EventLoop loop, String group) {
        this.loop = loop;
        this.group = group;
    }

    /** It was asked in vain, and is asked again. */
    void failed(Throwable cause) {
        long now = loop.nanoTime();
        if (!exists) {
            exists = true;
            sinceNanos = now;
        } else if (!told && now - sinceNanos >= PATIENCE.toNanos()) {
            told = true;
            LOG.warn("{}: the coordinator has been asked in vain for {}, and is asked again until it answers; last error: {}", group,
                    Times.text(Duration.ofNanos(now - sinceNanos)), cause.getMessage());
        }
    }

    /** It has answered, or is not asked any more. */
    void over() {
        if (told) {
            LOG.info("{}: the coordinator is not asked in vain any more, after {}", group, Times.text(Duration.ofNanos(loop.nanoTime() - sinceNanos)));
        }
        exists = false;
        told = false;
    }
}
