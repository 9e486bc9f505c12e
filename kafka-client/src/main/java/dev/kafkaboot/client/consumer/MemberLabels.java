package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What tells a consumer from others in the metrics that brokers get (KIP-714). */
final class MemberLabels {

    private MemberLabels() {}

    /** Of a consumer; {@code member} is null if it has no group. */
    static Map<String, String> of(ClientConfig config, @Nullable ConsumerGroupMetadata member) {
        Map<String, String> labels = of(config, member == null ? "" : member.memberId());
        put(labels, "group_instance_id", config.find(ConsumerConfig.GROUP_INSTANCE_ID));
        return labels;
    }

    /** Of a share consumer. */
    static Map<String, String> of(ClientConfig config, String memberId) {
        Map<String, String> labels = new TreeMap<>();
        put(labels, "client_rack", config.find(CommonConfig.CLIENT_RACK));
        put(labels, "group_id", config.find(ConsumerConfig.GROUP_ID));
        put(labels, "group_member_id", memberId.isEmpty() ? null : memberId);
        return labels;
    }

    private static void put(Map<String, String> labels, String name, @Nullable String value) {
        if (value != null) {
            labels.put(name, value);
        }
    }
}
