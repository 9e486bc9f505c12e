package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a transactional producer is configured with.
 *
 * @param transactionalId by which the coordinator knows it from one life to the next
 * @param timeout after which the coordinator aborts a transaction, unless somebody else decides on it
 * @param twoPhase whether somebody else decides on transactions (KIP-939)
 * @param requestTimeout limit of one request
 * @param backoff waits between attempts
 */
record TransactionSettings(String transactionalId, Duration timeout, boolean twoPhase, Duration requestTimeout, Backoff backoff) {

    /** The settings, or null if the producer is not transactional. */
    static @Nullable TransactionSettings of(ClientConfig config) {
        String id = config.find(ProducerConfig.TRANSACTIONAL_ID);
        return id == null ? null : new TransactionSettings(
                id, config.get(ProducerConfig.TRANSACTION_TIMEOUT), config.get(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT), config.get(CommonConfig.REQUEST_TIMEOUT),
                new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX)));
    }

    int timeoutMillis() {
        return twoPhase ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(Times.nanos(timeout)));
    }

    @Override
    public String toString() {
        return "transactional id '" + transactionalId + "'";
    }
}
