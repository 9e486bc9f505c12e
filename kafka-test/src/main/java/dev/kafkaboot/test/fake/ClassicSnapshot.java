package dev.kafkaboot.test.fake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator has written of a classic group, and its successor reads: the group as it was when it was last stable or empty.
 *
 * @param generation the generation
 * @param protocolType the type of its members, or null if there never was one
 * @param protocolName the protocol that was selected, or null
 * @param leader the leader's id, or null
 * @param members the members, with their assignments
 * @param sinceMillis when it got into this state
 */
record ClassicSnapshot(
        int generation, @Nullable String protocolType, @Nullable String protocolName, @Nullable String leader, List<ClassicMember> members,
        long sinceMillis) {}
