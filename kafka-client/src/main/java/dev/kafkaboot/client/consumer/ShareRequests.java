package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedFieldException;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests in share sessions, and what is done about their answers. On the loop. */
final class ShareRequests {

    private static final Logger LOG = LoggerFactory.getLogger(ShareRequests.class);

    /** What a broker locks for that does not tell how long: nothing is dropped on its account. */
    private static final Duration UNTOLD_LOCK = Duration.ofDays(1);

    /** How long a fetch waits at most, because nothing is acknowledged in its session meanwhile, nor is that closed. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Who wants to know. */
    interface Observer {

        /** There is something for polls to look at. */
        void arrived();

        /** A broker has told how long it locks records. */
        void lockTimeout(int millis);
    }

    private final ClientConnections connections;
    private final ShareMembership membership;
    private final ShareFetcher fetcher;
    private final ShareBuffer buffer;
    private final ConsumerListener listener;
    private final Observer observer;
    private final Backoff backoff;
    private final Duration requestTimeout;
    private final Duration maxWait;
    private final int minBytes;
    private final int maxBytes;
    private final int maxRecords;
    private final ShareAcquireMode acquireMode;
    private int lastLockTimeoutMillis;

    ShareRequests(
            ClientConnections connections, ShareMembership membership, ShareFetcher fetcher, ShareBuffer buffer, ClientConfig config,
            ConsumerListener listener, Observer observer) {
        this.connections = connections;
        this.membership = membership;
        this.fetcher = fetcher;
        this.buffer = buffer;
        this.listener = listener;
        this.observer = observer;
        this.backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.requestTimeout = config.get(CommonConfig.REQUEST_TIMEOUT);
        this.maxWait = config.get(ConsumerConfig.FETCH_MAX_WAIT);
        this.minBytes = config.get(ConsumerConfig.FETCH_MIN_BYTES);
        this.maxBytes = config.get(ConsumerConfig.FETCH_MAX_BYTES);
        this.maxRecords = config.get(ShareConsumerConfig.MAX_POLL_RECORDS);
        this.acquireMode = config.get(ShareConsumerConfig.ACQUIRE_MODE);
    }

    private EventLoop loop() {
        return connections.loop();
    }

    /** Acknowledgements of a partition that the broker does not lead any more come to nothing: the locks ended with the leadership. */
    void dropMoved(ShareSession session, ClusterSnapshot cluster) {
        List.copyOf(session.waiting()).forEach(each -> {
            Node leader = cluster.leader(each.partition().topicPartition());
            if (leader != null && leader.id() != session.brokerId()) {
                session.waiting().remove(each);
                each.complete(new BrokerException(each.partition().toString(), ErrorCode.NOT_LEADER_OR_FOLLOWER, null, null,
                        "acquired from broker " + session.brokerId() + ", and led by broker " + leader.id() + " since"));
            }
        });
        buffer.remove(fetch -> {
            Node leader = cluster.leader(fetch.partition().topicPartition());
            return fetch.session() == session && leader != null && leader.id() != session.brokerId();
        }).forEach(SharedFetch::close);
    }

    // ---- fetching

    /** Fetches, and acknowledges with it. */
    void fetch(ShareSession session, Set<TopicIdPartition> wanted, List<Acknowledgement> acknowledged, Duration atMost) {
        ShareFetchRequest request = new ShareFetchRequest()
                .groupId(membership.groupId())
                .memberId(membership.memberId())
                .maxWaitMs((int) wait(atMost).toMillis())
                .minBytes(minBytes)
                .maxBytes(maxBytes)
                .maxRecords(maxRecords)
                .batchSize(maxRecords)
                .shareAcquireMode(acquireMode.id());
        session.waiting().removeAll(acknowledged);
        session.fill(request, wanted, acknowledged);
        long sent = loop().nanoTime();
        connections.<ShareFetchResponse>dispatchFrame(
                        request, session.brokerId(), RequestOptions.of(ConnectionClass.FETCH, requestTimeout.plus(maxWait)))
                .whenComplete((frame, failure) -> {
                    if (frame == null) {
                        Throwable cause = failure == null ? new IllegalStateException("The fetch had no outcome") : Failures.cause(failure);
                        listener.fetchFailed(session.brokerId(), cause);
                        lost(session, acknowledged, cause);
                    } else {
                        listener.fetched(session.brokerId(), frame.sizeInBytes(), Duration.ofNanos(loop().nanoTime() - sent));
                        fetcher.withhold(() -> fetched(session, wanted, acknowledged, frame, sent)); // that a leader has moved is heard in the middle of it
                    }
                    fetcher.run();
                });
    }

    /** How long a broker may let a fetch wait, the application waiting for so long: no longer than a part of what its locks last. */
    private Duration wait(Duration atMost) {
        Duration locked = lastLockTimeoutMillis > 0 ? Duration.ofMillis(lastLockTimeoutMillis / 3) : LONGEST_WAIT;
        return Collections.min(List.of(atMost, maxWait, locked, LONGEST_WAIT));
    }

    private void fetched(
            ShareSession session, Set<TopicIdPartition> wanted, List<Acknowledgement> acknowledged, ReceivedFrame<ShareFetchResponse> frame, long sent) {
        ShareFetchResponse response = frame.response();
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            frame.release();
            refused(session, acknowledged, ApiKey.SHARE_FETCH, new BrokerException(
                    "share group '" + membership.groupId() + "'", error, ApiKey.SHARE_FETCH, frame.broker(), response.errorMessage()));
            return;
        }
        session.answered(loop().nanoTime());
        fetcher.brokerPace(session.brokerId()).succeeded();
        lockTimeout(response.acquisitionLockTimeoutMs());
        Map<TopicIdPartition, ShareFetchResponse.PartitionData> answers = new LinkedHashMap<>();
        response.responses().forEach(topic -> topic.partitions().forEach(data -> wanted.stream()
                .filter(each -> each.topicId().equals(topic.topicId()) && each.partition() == data.partitionIndex())
                .forEach(partition -> answers.put(partition, data))));
        acknowledged.forEach(each -> {
            ShareFetchResponse.PartitionData data = answers.get(each.partition());
            if (data == null) {
                each.complete(untold(each, frame.broker()));
            } else {
                settle(each, acknowledged, ErrorCode.forCode(data.acknowledgeErrorCode()), frame.broker(), data.acknowledgeErrorMessage());
            }
        });
        answers.forEach((partition, data) -> take(session, partition, data, frame, sent));
        frame.release();
        observer.arrived();
    }

    private void take(
            ShareSession session, TopicIdPartition partition, ShareFetchResponse.PartitionData data, ReceivedFrame<ShareFetchResponse> frame, long sent) {
        ErrorCode error = ErrorCode.forCode(data.errorCode());
        if (error != ErrorCode.NONE) {
            fetcher.partitionPace(partition).failed(loop(), backoff);
            takeOverLeader(partition, data, frame.response());
            tellUnlessItPasses(new BrokerException(partition.toString(), error, ApiKey.SHARE_FETCH, frame.broker(), data.errorMessage()));
            return;
        }
        fetcher.partitionPace(partition).succeeded();
        Bytes records = data.records();
        if (data.acquiredRecords().isEmpty()) {
            return;
        }
        // Brokers lock what they acquire at the end of the wait, which is not known here; a wait is a third of the lock at most, so the lock does not end with it.
        long lockedUntil = sent + lockNanos(frame.response().acquisitionLockTimeoutMs());
        session.locked(lockedUntil);
        try {
            long acquisition = session.acquired(partition, data.acquiredRecords());
            if (session.isClosing()) { // its end, which comes next, releases them
                fetcher.dropOvertaken(session);
                return;
            }
            buffer.add(new SharedFetch(partition, session, acquisition, lockedUntil, data.acquiredRecords(),
                    records == null ? ByteBuffer.allocate(0) : records.toSingleBuffer(), frame));
            fetcher.dropOvertaken(session);
            fetcher.served();
        } catch (IllegalArgumentException senseless) {
            buffer.tell(new KafkaException("Broker " + frame.broker() + " answered nonsense of " + partition + ": " + senseless.getMessage(), senseless));
        }
    }

    /** What is not done about by fetching again is told to the application. What a broker cannot name is told to the log at least. */
    private void tellUnlessItPasses(BrokerException failure) {
        ErrorAction action = ErrorActions.of(ApiKey.SHARE_FETCH, failure.errorCode());
        if (failure.errorCode() == ErrorCode.UNKNOWN_SERVER_ERROR || failure.errorCode() == ErrorCode.SHARE_SESSION_LIMIT_REACHED) {
            LOG.warn("Fetching again: {}", failure.getMessage());
        } else if (!action.isRetry() && action != ErrorAction.NEW_SESSION) {
            buffer.tell(failure);
        }
    }

    private void takeOverLeader(TopicIdPartition partition, ShareFetchResponse.PartitionData data, ShareFetchResponse response) {
        int leader = data.currentLeader().leaderId();
        if (leader >= 0) {
            Node node = response.nodeEndpoints().stream()
                    .filter(endpoint -> endpoint.nodeId() == leader)
                    .map(endpoint -> new Node(leader, endpoint.host(), endpoint.port(), endpoint.rack()))
                    .findFirst().orElse(null);
            connections.metadata().updateLeader(partition.topicPartition(), partition.topicId(), leader, data.currentLeader().leaderEpoch(), node);
        }
        connections.metadata().requestRefresh();
    }

    private static long lockNanos(int millis) {
        return (millis > 0 ? Duration.ofMillis(millis) : UNTOLD_LOCK).toNanos();
    }

    private void lockTimeout(int millis) {
        if (millis > 0 && millis != lastLockTimeoutMillis) {
            lastLockTimeoutMillis = millis;
            observer.lockTimeout(millis);
        }
    }

    // ---- acknowledging

    /**
     * Acknowledges, and no more; nothing, if the connection is only to be used.
     *
     * @param last whether the session ends with it
     */
    void acknowledge(ShareSession session, List<Acknowledgement> acknowledged, boolean last) {
        ShareAcknowledgeRequest request = new ShareAcknowledgeRequest().groupId(membership.groupId()).memberId(membership.memberId());
        session.waiting().removeAll(acknowledged);
        session.fill(request, acknowledged, last);
        connections.dispatch(request, session.brokerId(), RequestOptions.of(ConnectionClass.FETCH, requestTimeout))
                .whenComplete((response, failure) -> {
                    if (response == null) {
                        lost(session, acknowledged, failure == null ? new IllegalStateException("The request had no outcome") : Failures.cause(failure));
                    } else {
                        acknowledged(session, acknowledged, response);
                    }
                    if (last && session.end() == null) {
                        session.over(null);
                        fetcher.over(session);
                    }
                    fetcher.run();
                });
    }

    private void acknowledged(ShareSession session, List<Acknowledgement> acknowledged, ShareAcknowledgeResponse response) {
        Node broker = connections.metadata().snapshot().node(session.brokerId());
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            refused(session, acknowledged, ApiKey.SHARE_ACKNOWLEDGE, new BrokerException(
                    "share group '" + membership.groupId() + "'", error, ApiKey.SHARE_ACKNOWLEDGE, broker, response.errorMessage()));
            return;
        }
        session.answered(loop().nanoTime());
        lockTimeout(response.acquisitionLockTimeoutMs());
        if (acknowledged.stream().anyMatch(Acknowledgement::isRenewal)) {
            session.locked(loop().nanoTime() + lockNanos(response.acquisitionLockTimeoutMs()));
        }
        acknowledged.forEach(each -> {
            ShareAcknowledgeResponse.PartitionData data = response.responses().stream()
                    .filter(topic -> topic.topicId().equals(each.partition().topicId()))
                    .flatMap(topic -> topic.partitions().stream())
                    .filter(answer -> answer.partitionIndex() == each.partition().partition())
                    .findFirst().orElse(null);
            if (data == null) {
                each.complete(untold(each, broker));
            } else {
                settle(each, acknowledged, ErrorCode.forCode(data.errorCode()), broker, data.errorMessage());
            }
        });
    }

    private static KafkaException untold(Acknowledgement acknowledgement, @Nullable Node broker) {
        return new KafkaException("Broker " + broker + " did not tell what became of the acknowledgement of " + acknowledgement.partition());
    }

    /** Whatever request it went with, together with others. */
    private void settle(
            Acknowledgement each, Collection<Acknowledgement> together, ErrorCode error, @Nullable Node broker, @Nullable String detail) {
        if (error == ErrorCode.NONE) {
            each.complete(null);
            return;
        }
        ErrorAction action = ErrorActions.of(ApiKey.SHARE_ACKNOWLEDGE, error);
        if (action == ErrorAction.REFRESH_METADATA) {
            connections.metadata().requestRefresh();
        }
        boolean mayBeSentAgain = loop().nanoTime() - each.deadline() < 0 && each.session().end() == null;
        if (action == ErrorAction.RETRY && mayBeSentAgain) {
            each.pace().failed(loop(), backoff);
            each.session().waiting().add(0, each);
        } else if (isAboutSomeRecord(error) && mayBeSentAgain
                && together.stream().anyMatch(other -> other != each && other.partition().equals(each.partition()))) {
            each.sendAlone(); // which of them is too late is not told
            each.session().waiting().add(0, each);
        } else {
            each.complete(new BrokerException(each.partition().toString(), error, ApiKey.SHARE_ACKNOWLEDGE, broker, detail));
        }
    }

    /** Whether a lock that is not held is what a broker does not like; one that has loaded the partition anew since takes it for a senseless request. */
    private static boolean isAboutSomeRecord(ErrorCode error) {
        return error == ErrorCode.INVALID_RECORD_STATE || error == ErrorCode.INVALID_REQUEST;
    }

    // ---- what goes wrong

    /** No answer came: what the broker knows is not known, so the session is over. */
    private void lost(ShareSession session, Collection<Acknowledgement> acknowledged, Throwable cause) {
        KafkaException reason = cause instanceof KafkaException known
                ? known
                : new KafkaException("Broker " + session.brokerId() + " could not be asked: " + cause.getMessage(), cause);
        if (cause instanceof UnsupportedFieldException) { // a renewal, which brokers before 4.2 do not know
            session.notSent();
            acknowledged.forEach(each -> each.complete(reason));
            return;
        }
        if (cause instanceof UnsupportedVersionException || cause instanceof AuthenticationException) {
            buffer.tell(reason);
            observer.arrived();
        }
        connections.metadata().requestRefresh();
        end(session, acknowledged, reason);
    }

    /** The broker does not take the request. */
    private void refused(ShareSession session, Collection<Acknowledgement> acknowledged, ApiKey api, BrokerException reason) {
        if (api == ApiKey.SHARE_FETCH) {
            tellUnlessItPasses(reason);
            observer.arrived();
        }
        end(session, acknowledged, reason);
    }

    private void end(ShareSession session, Collection<Acknowledgement> acknowledged, KafkaException reason) {
        if (ErrorActions.of(ApiKey.SHARE_FETCH, reason.errorCode() == null ? ErrorCode.NETWORK_EXCEPTION : reason.errorCode()) != ErrorAction.NEW_SESSION) {
            fetcher.brokerPace(session.brokerId()).failed(loop(), backoff);
        }
        session.over(reason);
        acknowledged.forEach(each -> each.complete(reason));
        fetcher.over(session);
    }
}
