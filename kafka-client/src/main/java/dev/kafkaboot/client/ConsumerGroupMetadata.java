package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * Who a consumer is in its group, as a transactional producer needs it to commit offsets on its behalf (KIP-447).
 *
 * @param groupId the group
 * @param generationId the generation in which it was last a member, or -1 if it never was
 * @param memberId its id then, or empty if it never was a member
 * @param groupInstanceId the static member's id, or null
 */
public record ConsumerGroupMetadata(String groupId, int generationId, String memberId, @Nullable String groupInstanceId) {}
