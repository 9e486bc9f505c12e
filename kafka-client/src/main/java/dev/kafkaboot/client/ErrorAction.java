package dev.kafkaboot.client;

/** What a client does about an error code. */
public enum ErrorAction {
    /** Nothing is wrong. */
    NONE,
    /** Send the same again, after a pause. */
    RETRY,
    /** Fetch metadata, because the request went to the wrong broker or was made from old knowledge, then send it again. */
    REFRESH_METADATA,
    /** Look for the coordinator, then send it again. */
    FIND_COORDINATOR,
    /** Join the group again: the member is not, or no longer, what it thought. */
    REJOIN,
    /** Start the fetch session anew. */
    NEW_SESSION,
    /** Tell the user: the same will not succeed. */
    FAIL,
    /** Tell the user, and let the transaction be aborted. */
    ABORT,
    /** Tell the user; the client is of no more use. */
    FATAL;

    /** Whether the request is sent again. */
    public boolean isRetry() {
        return this == RETRY || this == REFRESH_METADATA || this == FIND_COORDINATOR;
    }
}
