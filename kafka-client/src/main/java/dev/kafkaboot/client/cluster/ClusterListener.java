package dev.kafkaboot.client.cluster;

/** Hears of new metadata. Called on the loop; it must return at once. */
@FunctionalInterface
public interface ClusterListener {

    /** The snapshot was replaced. */
    void changed(ClusterSnapshot before, ClusterSnapshot after);
}
