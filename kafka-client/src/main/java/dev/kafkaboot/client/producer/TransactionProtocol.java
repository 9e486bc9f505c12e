package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.net.BrokerVersions;
import dev.kafkaboot.protocol.ApiKey;
import org.jspecify.annotations.Nullable;

/** How transactions are made: as the cluster's {@code transaction.version} says, which may rise while the producer lives. On the loop. */
final class TransactionProtocol {

    static final int FIRST_END_WITH_EPOCH = 5;

    private static final String FEATURE = "transaction.version";

    /** From this level of the feature on, transactions begin by writing and have epochs of their own. */
    private static final int LEVEL_WITH_EPOCHS = 2;

    /** The last version of Produce that writes only to partitions that were added. */
    private static final int LAST_PRODUCE_WITHOUT_ADDING = 11;

    private boolean hasEpochs;

    /**
     * Takes note of what a coordinator that has answered knows.
     *
     * @param versions null if it has left the cluster since: then it is as it was
     */
    void choose(@Nullable BrokerVersions versions) {
        if (versions != null) {
            hasEpochs = versions.feature(FEATURE) >= LEVEL_WITH_EPOCHS
                    && versions.negotiated(ApiKey.END_TXN) >= FIRST_END_WITH_EPOCH
                    && versions.negotiated(ApiKey.PRODUCE) > LAST_PRODUCE_WITHOUT_ADDING;
        }
    }

    /** Whether a transaction begins by writing and has an epoch of its own (KIP-890, part 2). */
    boolean hasEpochs() {
        return hasEpochs;
    }

    int highestProduceVersion() {
        return hasEpochs ? Short.MAX_VALUE : LAST_PRODUCE_WITHOUT_ADDING;
    }

    int lowestProduceVersion() {
        return hasEpochs ? LAST_PRODUCE_WITHOUT_ADDING + 1 : 0;
    }
}
