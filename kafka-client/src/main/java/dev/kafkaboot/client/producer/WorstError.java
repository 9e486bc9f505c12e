package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.CoordinatorQuestion.Verdict;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What an answer that has an error for each partition says as a whole. */
final class WorstError {

    private WorstError() {}

    /** One that is final goes before one that passes; a partition that is left out of the answer was not dealt with. */
    static Verdict of(ApiKey api, Collection<TopicPartition> asked, Map<TopicPartition, ErrorCode> errors) {
        ErrorCode worst = ErrorCode.NONE;
        for (TopicPartition partition : asked) {
            ErrorCode error = errors.getOrDefault(partition, ErrorCode.REQUEST_TIMED_OUT);
            if (rank(api, error) > rank(api, worst)) {
                worst = error;
            }
        }
        ErrorCode decisive = worst;
        List<TopicPartition> concerned = asked.stream().filter(partition -> errors.getOrDefault(partition, ErrorCode.REQUEST_TIMED_OUT) == decisive).toList();
        return new Verdict(TransactionRequests.text(concerned), decisive);
    }

    private static int rank(ApiKey api, ErrorCode error) {
        if (error == ErrorCode.NONE) {
            return 0;
        }
        if (error == ErrorCode.OPERATION_NOT_ATTEMPTED) {
            return 1; // on account of another partition, which has the reason
        }
        return ErrorActions.of(api, error).isRetry() ? 2 : 3;
    }
}
