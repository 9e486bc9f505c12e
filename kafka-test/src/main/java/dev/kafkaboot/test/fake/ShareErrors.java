package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;

/** Where ShareFetch and ShareAcknowledge tell of an error: of the request, or of partitions. */
final class ShareErrors {

    private ShareErrors() {}

    static boolean isAboutPartitions(ErrorCode error) {
        return switch (error) {
            case TOPIC_AUTHORIZATION_FAILED, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_ID, INVALID_RECORD_STATE,
                    KAFKA_STORAGE_ERROR, CORRUPT_MESSAGE, FENCED_LEADER_EPOCH, FENCED_STATE_EPOCH -> true;
            default -> false;
        };
    }
}
