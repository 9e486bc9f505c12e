package dev.kafkaboot.client.consumer;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What kinds of groups differ in, as far as heartbeats are concerned.
 *
 * @param api the request
 * @param error the error in an answer
 * @param message what the coordinator says of it
 * @param intervalMillis how often the coordinator wants to hear from the member; not positive if it does not say
 * @param needs what a coordinator that does not know the request lacks, as the end of "whose coordinator does not take ..."
 */
record HeartbeatKind<R extends ResponseMessage>(
        ApiKey api, Function<R, ErrorCode> error, Function<R, @Nullable String> message, ToIntFunction<R> intervalMillis, String needs) {

    /** Members of a group whose coordinator assigns (KIP-848). */
    static final HeartbeatKind<ConsumerGroupHeartbeatResponse> CONSUMER = new HeartbeatKind<>(
            ApiKey.CONSUMER_GROUP_HEARTBEAT, response -> ErrorCode.forCode(response.errorCode()), ConsumerGroupHeartbeatResponse::errorMessage,
            ConsumerGroupHeartbeatResponse::heartbeatIntervalMs,
            ConsumerConfig.GROUP_PROTOCOL.name() + "=consumer (from Kafka 4.0 on, unless it is switched off; classic goes with any broker)");

    /** Members of a share group (KIP-932). */
    static final HeartbeatKind<ShareGroupHeartbeatResponse> SHARE = new HeartbeatKind<>(
            ApiKey.SHARE_GROUP_HEARTBEAT, response -> ErrorCode.forCode(response.errorCode()), ShareGroupHeartbeatResponse::errorMessage,
            ShareGroupHeartbeatResponse::heartbeatIntervalMs, "share groups (from Kafka 4.2 on, with the feature share.version at 1)");
}
