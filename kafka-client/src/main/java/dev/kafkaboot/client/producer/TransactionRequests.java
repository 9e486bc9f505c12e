package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.producer.CoordinatorQuestion.Verdict;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnRequest;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnResponse;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnResponse;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnResponse;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes what a transactional producer asks coordinators. */
final class TransactionRequests {

    /** From this version on a producer may name the id and epoch that it has (KIP-360). */
    private static final int FIRST_INIT_WITH_IDENTITY = 3;

    private static final int LAST_INIT = 5;

    /** This version is of two-phase commits (KIP-939), and may still change. Only who asks for them is to speak it. */
    private static final int FIRST_INIT_WITH_TWO_PHASES = 6;

    /** Later versions are for brokers. */
    private static final int LAST_ADD_PARTITIONS = 3;

    /** From this version on EndTxn gives the next epoch (KIP-890). */
    private static final int FIRST_END_WITH_EPOCH = 5;

    /** From this version on the member is told of which the offsets are (KIP-447). */
    private static final int FIRST_COMMIT_WITH_MEMBER = 3;

    /** From this version on a commit of offsets takes the group into the transaction (KIP-890). */
    private static final int FIRST_COMMIT_THAT_ADDS = 5;

    private final TransactionSettings settings;

    TransactionRequests(TransactionSettings settings) {
        this.settings = settings;
    }

    private <R extends ResponseMessage> CoordinatorQuestion<R> ofTransaction(
            ApiKey api, int highestVersion, IntFunction<? extends RequestMessage<R>> request,
            CoordinatorQuestion.Reading<R> reading, BooleanSupplier isWanted) {
        return new CoordinatorQuestion<>(CoordinatorType.TRANSACTION, settings.transactionalId(), api, highestVersion, /* takesUnstable= */ false, request, reading,
                isWanted);
    }

    /**
     * Asks for a producer id and epoch: as a new producer, or as the next epoch of one. Old brokers know only new ones.
     *
     * @param keepPrepared whether a transaction that is open is not to be aborted, but to be decided on by who asks
     */
    CoordinatorQuestion<InitProducerIdResponse> init(@Nullable ProducerIdentity current, boolean keepPrepared) {
        return new CoordinatorQuestion<>(
                CoordinatorType.TRANSACTION, settings.transactionalId(), ApiKey.INIT_PRODUCER_ID,
                settings.twoPhase() ? FIRST_INIT_WITH_TWO_PHASES : LAST_INIT, /* takesUnstable= */ settings.twoPhase(),
                version -> init(current, keepPrepared, version),
                (response, version) -> new Verdict(settings.toString(), ErrorCode.forCode(response.errorCode())), () -> true);
    }

    private InitProducerIdRequest init(@Nullable ProducerIdentity current, boolean keepPrepared, int version) {
        if (settings.twoPhase() && version < FIRST_INIT_WITH_TWO_PHASES) {
            throw new UnsupportedVersionException("The coordinator speaks " + ApiKey.INIT_PRODUCER_ID + " up to version " + version
                    + ", and two-phase commits take version " + FIRST_INIT_WITH_TWO_PHASES);
        }
        InitProducerIdRequest request = new InitProducerIdRequest()
                .transactionalId(settings.transactionalId())
                .transactionTimeoutMs(settings.timeoutMillis())
                .enable2Pc(settings.twoPhase())
                .keepPreparedTxn(keepPrepared);
        return current == null || version < FIRST_INIT_WITH_IDENTITY
                ? request
                : request.producerId(current.producerId()).producerEpoch(current.epoch());
    }

    /** Asks for partitions to be taken into the transaction. */
    CoordinatorQuestion<AddPartitionsToTxnResponse> addPartitions(
            ProducerIdentity producer, Collection<TopicPartition> partitions, BooleanSupplier isWanted) {
        Map<String, AddPartitionsToTxnTopic> topics = new LinkedHashMap<>();
        partitions.forEach(partition -> topics
                .computeIfAbsent(partition.topic(), name -> new AddPartitionsToTxnTopic().name(name)).partitions().add(partition.partition()));
        return ofTransaction(ApiKey.ADD_PARTITIONS_TO_TXN, LAST_ADD_PARTITIONS, version -> new AddPartitionsToTxnRequest()
                .v3AndBelowTransactionalId(settings.transactionalId())
                .v3AndBelowProducerId(producer.producerId())
                .v3AndBelowProducerEpoch(producer.epoch())
                .v3AndBelowTopics(List.copyOf(topics.values())),
                (response, version) -> verdict(response, partitions), isWanted);
    }

    private static Verdict verdict(AddPartitionsToTxnResponse response, Collection<TopicPartition> asked) {
        Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();
        response.resultsByTopicV3AndBelow().forEach(topic -> topic.resultsByPartition().forEach(result -> errors.put(
                new TopicPartition(topic.name(), result.partitionIndex()), ErrorCode.forCode(result.partitionErrorCode()))));
        return WorstError.of(ApiKey.ADD_PARTITIONS_TO_TXN, asked, errors);
    }

    /** Asks for a group's offsets to be taken into the transaction. */
    CoordinatorQuestion<AddOffsetsToTxnResponse> addOffsets(ProducerIdentity producer, String groupId, BooleanSupplier isWanted) {
        return ofTransaction(ApiKey.ADD_OFFSETS_TO_TXN, Integer.MAX_VALUE, version -> new AddOffsetsToTxnRequest()
                .transactionalId(settings.transactionalId())
                .producerId(producer.producerId())
                .producerEpoch(producer.epoch())
                .groupId(groupId),
                (response, version) -> new Verdict("group '" + groupId + "'", ErrorCode.forCode(response.errorCode())), isWanted);
    }

    /** Asks the group's coordinator to keep offsets until the transaction ends. */
    CoordinatorQuestion<TxnOffsetCommitResponse> commitOffsets(
            ProducerIdentity producer, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, boolean adds,
            BooleanSupplier isWanted) {
        List<TxnOffsetCommitRequestTopic> topics = topics(offsets);
        return new CoordinatorQuestion<>(
                CoordinatorType.GROUP, group.groupId(), ApiKey.TXN_OFFSET_COMMIT, adds ? FIRST_COMMIT_THAT_ADDS : FIRST_COMMIT_THAT_ADDS - 1,
                /* takesUnstable= */ false, version -> {
            TxnOffsetCommitRequest request = new TxnOffsetCommitRequest()
                    .transactionalId(settings.transactionalId())
                    .groupId(group.groupId())
                    .producerId(producer.producerId())
                    .producerEpoch(producer.epoch())
                    .topics(topics);
            if (version < FIRST_COMMIT_WITH_MEMBER && !group.memberId().isEmpty()) {
                throw new UnsupportedVersionException("The coordinator of group '" + group.groupId() + "' cannot tell whether member '"
                        + group.memberId() + "' still owns what it commits: that takes brokers from 2.5 on (KIP-447). Give the group's id alone, "
                        + "new ConsumerGroupMetadata(groupId, -1, \"\", null), if nobody else commits these partitions' offsets");
            }
            return version < FIRST_COMMIT_WITH_MEMBER
                    ? request
                    : request.generationIdOrMemberEpoch(group.generationId()).memberId(group.memberId()).groupInstanceId(group.groupInstanceId());
        }, (response, version) -> verdict(response, offsets.keySet()), isWanted);
    }

    private static List<TxnOffsetCommitRequestTopic> topics(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<String, TxnOffsetCommitRequestTopic> topics = new LinkedHashMap<>();
        offsets.forEach((partition, offset) -> {
            Integer epoch = offset.leaderEpoch();
            topics.computeIfAbsent(partition.topic(), name -> new TxnOffsetCommitRequestTopic().name(name))
                    .partitions().add(new TxnOffsetCommitRequestPartition()
                            .partitionIndex(partition.partition())
                            .committedOffset(offset.offset())
                            .committedLeaderEpoch(epoch == null ? -1 : epoch)
                            .committedMetadata(offset.metadata()));
        });
        return List.copyOf(topics.values());
    }

    private static Verdict verdict(TxnOffsetCommitResponse response, Collection<TopicPartition> asked) {
        Map<TopicPartition, ErrorCode> errors = new LinkedHashMap<>();
        response.topics().forEach(topic -> topic.partitions().forEach(result -> errors.put(
                new TopicPartition(topic.name(), result.partitionIndex()), ErrorCode.forCode(result.errorCode()))));
        return WorstError.of(ApiKey.TXN_OFFSET_COMMIT, asked, errors);
    }

    /** Asks for the transaction's end. */
    CoordinatorQuestion<EndTxnResponse> end(ProducerIdentity producer, boolean commit, boolean givesEpoch) {
        return ofTransaction(ApiKey.END_TXN, givesEpoch ? FIRST_END_WITH_EPOCH : FIRST_END_WITH_EPOCH - 1, version -> new EndTxnRequest()
                .transactionalId(settings.transactionalId())
                .producerId(producer.producerId())
                .producerEpoch(producer.epoch())
                .committed(commit),
                (response, version) -> new Verdict(settings.toString(), ErrorCode.forCode(response.errorCode())), () -> true);
    }

    /** Names partitions in a message, a few of them. */
    static String text(Collection<TopicPartition> partitions) {
        return partitions.stream().limit(5).map(TopicPartition::toString).collect(Collectors.joining(", "))
                + (partitions.size() > 5 ? " and " + (partitions.size() - 5) + " more" : "");
    }
}
