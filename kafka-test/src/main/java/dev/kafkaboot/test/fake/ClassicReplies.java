package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.SyncGroupResponse;

/** What JoinGroup and SyncGroup are answered with. */
final class ClassicReplies {

    /** From this version on the name of the protocol may be null. */
    private static final short FIRST_WITH_NULLABLE_PROTOCOL = 7;

    private ClassicReplies() {}

    static JoinGroupResponse refused(String memberId, ErrorCode error) {
        return new JoinGroupResponse().memberId(memberId).errorCode(error.code()).protocolName(null);
    }

    static SyncGroupResponse refused(ErrorCode error) {
        return new SyncGroupResponse().errorCode(error.code());
    }

    static void reply(Exchange<JoinGroupRequest, JoinGroupResponse> exchange, JoinGroupResponse response) {
        exchange.reply(fit(response, exchange.version()));
    }

    /** Makes a response one that its version can carry. */
    static JoinGroupResponse fit(JoinGroupResponse response, short version) {
        if (version < FIRST_WITH_NULLABLE_PROTOCOL && response.protocolName() == null) {
            response.protocolName("");
        }
        return response;
    }
}
