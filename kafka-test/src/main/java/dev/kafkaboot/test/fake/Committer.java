package dev.kafkaboot.test.fake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who commits offsets.
 *
 * @param memberId the member, or empty
 * @param instanceId the group.instance.id, or null
 * @param generation the generation or the member's epoch, or -1
 * @param transactional whether the commit is part of a transaction
 * @param version the request's version
 * @param partitions what for
 */
record Committer(String memberId, @Nullable String instanceId, int generation, boolean transactional, short version, List<OffsetKey> partitions) {

    /** Whether nobody is named, as by the admin client and by consumers that assign themselves. */
    boolean isAnonymous() {
        return generation < 0 && memberId.isEmpty() && instanceId == null;
    }
}
