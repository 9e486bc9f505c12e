package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership by the newer protocol where the coordinator takes it, and else by the classic one ({@code group.protocol=auto}).
 *
 * <p>The newer one is tried first. Its first heartbeat is refused by a coordinator that does not know it or has it switched off (UNSUPPORTED_VERSION), and by one
 * whose group has classic members that it may not or cannot serve together with newer ones (GROUP_ID_NOT_FOUND). Who is refused so has been given nothing, so
 * another can join in its place without a partition having two owners. It stays with that as long as the consumer lives: a group that changes back and forth
 * would rebalance each time.
 */
final class EitherMembership implements Membership {

    private static final Logger LOG = LoggerFactory.getLogger(EitherMembership.class);

    private final GroupCoordinator coordinator;
    private final ConsumerMembership newer;
    private final Supplier<ClassicMembership> classic;
    private final GroupFailure failure;
    private Set<String> topics = Set.of();
    private @Nullable SubscriptionPattern pattern;

    /** Written on the loop. */
    private volatile Membership current;

    /**
     * Not a member.
     *
     * @param newer makes a member that asks what is to become of a join that was refused
     * @param classic makes the one that takes its place
     */
    EitherMembership(
            GroupCoordinator coordinator, Function<Predicate<KafkaException>, ConsumerMembership> newer, Supplier<ClassicMembership> classic,
            GroupFailure failure) {
        this.coordinator = coordinator;
        this.newer = newer.apply(this::isForClassic);
        this.classic = classic;
        this.failure = failure;
        this.current = this.newer;
    }

    private boolean isForClassic(KafkaException refusal) {
        boolean isRefused = refusal.errorCode() == ErrorCode.UNSUPPORTED_VERSION || refusal.errorCode() == ErrorCode.GROUP_ID_NOT_FOUND;
        if (!isRefused || pattern != null) { // a classic coordinator finds no topics
            return false;
        }
        LOG.info("{}: joining as a classic member, because the coordinator refused one of the newer protocol: {}", coordinator, refusal.getMessage());
        newer.retire();
        current = classic.get();
        current.subscribe(topics, null);
        return true;
    }

    @Override
    public void subscribe(Set<String> names, @Nullable SubscriptionPattern byCoordinator) {
        topics = names;
        pattern = byCoordinator;
        if (byCoordinator == null || current == newer) {
            current.subscribe(names, byCoordinator);
            return;
        }
        current.leave("it is subscribed to what a classic group does not find", Duration.ZERO, coordinator.requestTimeout(), /* forGood= */ false)
                .thenRun(() -> {
                    if (byCoordinator.equals(pattern)) { // something else may be subscribed to by now
                        failure.set(new BrokerException(
                                coordinator + ", which is a classic one and cannot match " + byCoordinator, ErrorCode.UNSUPPORTED_VERSION,
                                ApiKey.CONSUMER_GROUP_HEARTBEAT, null, null));
                    }
                });
    }

    @Override
    public void topicsChanged(Set<String> names) {
        topics = names;
        current.topicsChanged(names);
    }

    @Override
    public boolean isAssignedToByCoordinator() {
        return current.isAssignedToByCoordinator();
    }

    @Override
    public ConsumerGroupMetadata identity() {
        return current.identity();
    }

    @Override
    public ConsumerGroupMetadata lastMember() {
        return current.lastMember();
    }

    @Override
    public boolean isSubscribed() {
        return current.isSubscribed();
    }

    @Override
    public boolean isAboutToChange(ErrorCode refusal, ConsumerGroupMetadata refused) {
        return current.isAboutToChange(refusal, refused);
    }

    @Override
    public void wasRefused(BrokerException refusal, ConsumerGroupMetadata refused) {
        current.wasRefused(refusal, refused);
    }

    @Override
    public void enforceRebalance(String reason) {
        current.enforceRebalance(reason);
    }

    @Override
    public void polled() {
        current.polled();
    }

    @Override
    public void metadataChanged(ClusterSnapshot cluster) {
        current.metadataChanged(cluster);
    }

    @Override
    public CompletableFuture<Void> leave(String reason, Duration finishWithin, Duration commitWithin, boolean forGood) {
        topics = Set.of();
        pattern = null;
        return current.leave(reason, finishWithin, commitWithin, forGood);
    }

    @Override
    public void abandon() {
        current.abandon();
    }
}
