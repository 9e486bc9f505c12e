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

    /** Whether clients that share a {@code ConnectionManager} share such connections too. */
    public boolean isShared() {
        return this == GENERAL;
    }
}
