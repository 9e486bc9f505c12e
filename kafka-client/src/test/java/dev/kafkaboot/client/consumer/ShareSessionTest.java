package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a session knows of what was acquired in it. */
class ShareSessionTest {

    private static final TopicIdPartition ORDERS = new TopicIdPartition(ScriptedShare.TOPIC_ID, new TopicPartition("orders", 0));

    private final ShareSession session = new ShareSession(1);

    private long acquired(long first, long last) {
        return session.acquired(ORDERS, List.of(new AcquiredRecords().firstOffset(first).lastOffset(last).deliveryCount((short) 1)));
    }

    private boolean isOvertaken(long acquisition, long offset) {
        return session.isOvertaken(new Acknowledgement(session, acquisition, ORDERS, new TreeMap<>(Map.of(offset, AcknowledgeType.ACCEPT.id())), Set.of(offset)));
    }

    @Test
    void whatWasAcquiredAnewIsOvertakenWhateverCameBehindIt() {
        long first = acquired(0, 9);
        assertThat(isOvertaken(first, 5)).isFalse();
        long again = acquired(0, 7);
        long next = acquired(10, 19);

        assertThat(isOvertaken(first, 5)).isTrue();
        assertThat(isOvertaken(first, 8)).as("it was not acquired anew").isFalse();
        assertThat(isOvertaken(again, 5)).isFalse();
        assertThat(isOvertaken(next, 10)).isFalse();
    }
}
