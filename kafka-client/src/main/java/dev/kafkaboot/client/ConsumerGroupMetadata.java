package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * Who a consumer is in its group, as a transactional producer needs it to commit offsets on its behalf (KIP-447).
 *
 * @param groupId the group
 * @param generationId the generation, or -1 if it is not a member now
 * @param memberId the member's id, or empty if it is not a member now
 * @param groupInstanceId the static member's id, or null
 */
public record ConsumerGroupMetadata(String groupId, int generationId, String memberId, @Nullable String groupInstanceId) {}
