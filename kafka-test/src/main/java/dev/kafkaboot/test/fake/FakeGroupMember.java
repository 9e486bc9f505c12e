package dev.kafkaboot.test.fake;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group, as it is at the moment.
 *
 * @param id the member's id
 * @param instanceId its {@code group.instance.id}, or null if it is not static
 * @param clientId the {@code client.id} that it joined with
 * @param partitions the partitions that it has, by topic
 */
public record FakeGroupMember(String id, @Nullable String instanceId, String clientId, Map<String, List<Integer>> partitions) {}
