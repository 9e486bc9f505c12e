package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A group of any type, as its offsets and the administration see it. */
interface Group {

    /** Its id. */
    String id();

    /** {@code classic}, {@code consumer} or {@code share}. */
    String type();

    /** The state, in the words of ListGroups. */
    String stateName();

    /** {@code consumer} where consumers are the members; empty where only offsets are kept. */
    String protocolType();

    /** Whether it has no members. */
    boolean isEmpty();

    /** Whether members read a topic, so that its offsets are kept. */
    boolean isSubscribedTo(String topic);

    /** Whether somebody may commit offsets. */
    ErrorCode checkCommit(Committer committer);

    /** Told of a commit that was allowed: its member is alive. */
    void committed(Committer committer);

    /** Whether a member, or somebody who names none, may read the offsets. */
    ErrorCode checkFetch(@Nullable String memberId, int memberEpoch);

    /** Whether offsets of topics that are not read may be deleted now. */
    ErrorCode checkOffsetDelete();

    /** Since when an offset that nobody reads grows old, in milliseconds since 1970; empty while it does not. */
    OptionalLong offsetAgesSince(long committedMillis);

    /** Its coordinator is gone. */
    void unload();

    /** It has a coordinator again. */
    void load();

    /** It is deleted: nothing happens in it any more. */
    void end();
}
