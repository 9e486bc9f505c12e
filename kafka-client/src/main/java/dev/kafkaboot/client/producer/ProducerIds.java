package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the cluster for the id that this producer's batches carry, when it is first needed and as long as there is none (KIP-98). On the loop.
 *
 * <p>All partitions begin with the same identity and go on from there for themselves ({@link PartitionSequences}). A partition that is forgotten and comes
 * again must not begin where it was before: the broker would take its first batch for a repetition. So those that begin later have a higher epoch than
 * any partition had that was {@linkplain #retire given up}.
 */
final class ProducerIds {

    /** Who waits for an id. */
    interface Owner {

        /** There is one now, or it may be asked for again: whoever still needs one {@linkplain ProducerIds#get gets} it. */
        void reconsider();

        /** There will be none, as long as nobody changes what the brokers allow or support. */
        void refused(KafkaException reason);

        /** Nothing can be sent any more. */
        void ended(ClientClosedException reason);
    }

    private final ClientConnections connections;
    private final Duration timeout;
    private final Backoff backoff;
    private final Owner owner;
    private @Nullable ProducerIdentity current;
    private boolean underWay;
    private int failures;
    private @Nullable Throwable lastFailure;
    private @Nullable Timer timer;
    private boolean ended;

    ProducerIds(ClientConnections connections, Duration timeout, Backoff backoff, Owner owner) {
        this.connections = connections;
        this.timeout = timeout;
        this.backoff = backoff;
        this.owner = owner;
    }

    /** The identity for a partition that nothing was sent to; if it is null, the owner hears what becomes of it. */
    @Nullable ProducerIdentity get() {
        ProducerIdentity known = current;
        if (known == null) {
            ask();
        }
        return known;
    }

    /** Why there is no identity, as far as is known. */
    @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** A partition goes on with nothing of what it had; who comes next must begin behind it. */
    void retire(ProducerIdentity used) {
        ProducerIdentity known = current;
        if (known != null && known.producerId() == used.producerId() && known.epoch() <= used.epoch()) {
            current = used.isExhausted() ? null : used.bumped();
        }
    }

    private void ask() {
        if (underWay || ended) {
            return;
        }
        underWay = true;
        InitProducerIdRequest request = new InitProducerIdRequest().transactionalId(null).transactionTimeoutMs(Integer.MAX_VALUE);
        connections.dispatchToAny(request, RequestOptions.of(ConnectionClass.GENERAL, timeout)).whenComplete(this::answered);
    }

    private void answered(@Nullable InitProducerIdResponse response, @Nullable Throwable wrapped) {
        if (ended) {
            return;
        }
        if (response == null) {
            Throwable failure = wrapped == null ? new IllegalStateException("no outcome") : Failures.cause(wrapped);
            failed(failure, failure instanceof KafkaException known && known.isRetriable());
            return;
        }
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            failed(new BrokerException("The producer's id", error, ApiKey.INIT_PRODUCER_ID, null, null),
                    ErrorActions.of(ApiKey.INIT_PRODUCER_ID, error).isRetry());
            return;
        }
        underWay = false;
        failures = 0;
        lastFailure = null;
        current = new ProducerIdentity(response.producerId(), response.producerEpoch());
        owner.reconsider();
    }

    private void failed(Throwable failure, boolean mayPass) {
        failures++;
        lastFailure = failure;
        timer = connections.loop().schedule(backoff.after(failures, connections.loop().random()), () -> {
            underWay = false;
            owner.reconsider(); // and not asked for without that: what waited may have expired
        });
        if (failure instanceof ClientClosedException closed) {
            owner.ended(closed);
        } else if (!mayPass) {
            owner.refused(refusal(failure));
        }
    }

    /** What those are told who wait for an id that does not come. */
    static KafkaException refusal(Throwable failure) {
        if (failure instanceof AuthenticationException refused) {
            return refused; // it concerns everything that this client does, and not the id
        }
        String right = failure instanceof BrokerException
                ? " It takes the right to write to a topic, or, with brokers before 2.8, IDEMPOTENT_WRITE on the cluster;"
                : " The setting";
        return new KafkaException("No broker gives the producer an id, which it needs to send without writing anything twice (enable.idempotence)." + right
                + " enable.idempotence=false does without: " + failure.getMessage(), failure);
    }

    /** Asks no more. */
    void end() {
        ended = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
