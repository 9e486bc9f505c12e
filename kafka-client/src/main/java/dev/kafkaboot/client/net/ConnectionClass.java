package dev.kafkaboot.client.net;

/**
 * The ways in which requests wait for their answers. A broker answers the requests of one connection one after the other, so each way gets a
 * connection of its own: then a long poll never delays a heartbeat.
 */
public enum ConnectionClass {
    /** Produce requests of one client. */
    PRODUCE,
    /** Fetch requests of one client, which wait for data to arrive. */
    FETCH,
    /** Group requests of one client: join, sync, heartbeat, commit. Joining waits for the other members. */
    GROUP,
    /** Everything else; one connection a broker, shared by all clients of a {@code ConnectionManager}. */
    GENERAL;

    /**
     * Whether a request that is not answered in time ends its connection at once. Nothing may go to a partition's new leader until a Produce request to
     * the old one is answered or its connection is closed; of the others, a broker that is merely slow costs one request and not those behind it.
     */
    boolean endsWithALateRequest() {
        return this == PRODUCE;
    }

    /** Whether clients that share a {@code ConnectionManager} share such connections too. */
    public boolean isShared() {
        return this == GENERAL;
    }
}
