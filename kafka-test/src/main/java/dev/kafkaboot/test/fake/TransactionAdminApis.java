package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeTransactionsRequest;
import dev.kafkaboot.protocol.message.DescribeTransactionsResponse;
import dev.kafkaboot.protocol.message.DescribeTransactionsResponse.TopicData;
import dev.kafkaboot.protocol.message.ListTransactionsRequest;
import dev.kafkaboot.protocol.message.ListTransactionsResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** DescribeTransactions and ListTransactions (KIP-664): of each broker those that it coordinates. */
final class TransactionAdminApis {

    private static final long NO_DURATION = -1;

    private final FakeKafka cluster;

    private TransactionAdminApis(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        TransactionAdminApis own = new TransactionAdminApis(cluster);
        apis.add(new Api<>(DescribeTransactionsRequest::new, own::describe, TransactionAdminApis::describeFailure));
        apis.add(new Api<>(
                ListTransactionsRequest::new, own::list, (request, version, error) -> new ListTransactionsResponse().errorCode(error.code())));
    }

    // ---- DescribeTransactions

    private void describe(Exchange<DescribeTransactionsRequest, DescribeTransactionsResponse> exchange) {
        exchange.reply(new DescribeTransactionsResponse().transactionStates(exchange.request().transactionalIds().stream()
                .map(id -> describe(id, exchange.broker()))
                .toList()));
    }

    private DescribeTransactionsResponse.TransactionState describe(String id, FakeBroker broker) {
        if (id.isEmpty()) {
            return failed(id, ErrorCode.INVALID_REQUEST);
        }
        ErrorCode error = cluster.coordinators().check(CoordinatorType.TRANSACTION, id, broker);
        if (error != ErrorCode.NONE) {
            return failed(id, error);
        }
        Transaction transaction = cluster.transactions().find(id);
        return transaction == null
                ? failed(id, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND)
                : new DescribeTransactionsResponse.TransactionState()
                        .transactionalId(id)
                        .transactionState(transaction.state.label())
                        .transactionTimeoutMs(transaction.timeoutMillis)
                        .transactionStartTimeMs(transaction.startMillis)
                        .producerId(transaction.producerId)
                        .producerEpoch(transaction.epoch)
                        .topics(topics(transaction));
    }

    /** What takes part; a group does with the partition that its offsets are in. */
    private List<TopicData> topics(Transaction transaction) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        transaction.partitions.forEach(partition -> add(byTopic, partition));
        transaction.groups.forEach(group -> add(byTopic, cluster.coordinators().partitionOf(CoordinatorType.GROUP, group)));
        return byTopic.entrySet().stream()
                .map(topic -> new TopicData().topic(topic.getKey()).partitions(topic.getValue().stream().distinct().sorted().toList()))
                .toList();
    }

    private static void add(Map<String, List<Integer>> byTopic, FakePartition partition) {
        byTopic.computeIfAbsent(partition.topic().name(), topic -> new ArrayList<>()).add(partition.index());
    }

    private static DescribeTransactionsResponse describeFailure(DescribeTransactionsRequest request, short version, ErrorCode error) {
        return new DescribeTransactionsResponse()
                .transactionStates(request.transactionalIds().stream().map(id -> failed(id, error)).toList());
    }

    private static DescribeTransactionsResponse.TransactionState failed(String id, ErrorCode error) {
        return new DescribeTransactionsResponse.TransactionState().transactionalId(id).errorCode(error.code());
    }

    // ---- ListTransactions

    private void list(Exchange<ListTransactionsRequest, ListTransactionsResponse> exchange) {
        ListTransactionsRequest request = exchange.request();
        Pattern pattern;
        try {
            String expression = request.transactionalIdPattern();
            pattern = expression == null || expression.isEmpty() ? null : Pattern.compile(expression);
        } catch (PatternSyntaxException wrong) {
            exchange.reply(new ListTransactionsResponse().errorCode(ErrorCode.INVALID_REGULAR_EXPRESSION.code()));
            return;
        }
        List<Transaction> own = new ArrayList<>();
        for (Transaction transaction : cluster.transactions().all()) {
            ErrorCode error = cluster.coordinators().check(CoordinatorType.TRANSACTION, transaction.transactionalId, exchange.broker());
            if (error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) {
                exchange.reply(new ListTransactionsResponse().errorCode(error.code()));
                return;
            }
            if (error == ErrorCode.NONE && isWanted(transaction, request, pattern)) {
                own.add(transaction);
            }
        }
        exchange.reply(new ListTransactionsResponse()
                .unknownStateFilters(request.stateFilters().stream().filter(state -> !isKnown(state)).toList())
                .transactionStates(own.stream()
                        .map(transaction -> new ListTransactionsResponse.TransactionState()
                                .transactionalId(transaction.transactionalId)
                                .producerId(transaction.producerId)
                                .transactionState(transaction.state.label()))
                        .toList()));
    }

    private boolean isWanted(Transaction transaction, ListTransactionsRequest request, @Nullable Pattern pattern) {
        long age = cluster.timers().nowMillis() - transaction.startMillis;
        // A broker takes one that never began for one that began at the end of 1969.
        boolean isOldEnough = request.durationFilter() <= NO_DURATION || age > request.durationFilter();
        return isOldEnough
                && (request.stateFilters().isEmpty() || request.stateFilters().contains(transaction.state.label()))
                && (request.producerIdFilters().isEmpty() || request.producerIdFilters().contains(transaction.producerId))
                && (pattern == null || pattern.matcher(transaction.transactionalId).matches());
    }

    private static boolean isKnown(String state) {
        return Arrays.stream(TransactionState.values()).anyMatch(known -> known.label().equals(state));
    }
}
