package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.ApiVersionsResponse.FinalizedFeatureKey;
import dev.kafkaboot.protocol.message.ApiVersionsResponse.SupportedFeatureKey;
import java.util.List;

/** Which of the steps that transactions took over the years a cluster has taken; the feature {@code transaction.version} tells of the last (KIP-890). */
final class TransactionFeature {

    private static final String NAME = "transaction.version";
    private static final short LEVEL = 2;

    /** Before it, a feature whose lowest level is 0 could not be written. */
    private static final int FIRST_WITH_LEVEL_ZERO = 4;

    private TransactionFeature() {}

    /** Whether each transaction has an epoch of its own, and begins when something is written. */
    static boolean bumpsEpochs(FakeSettings settings) {
        return Releases.isAtLeast(settings.release(), 4, 0);
    }

    /** Whether a partition's leader asks the coordinator if the partition is in the transaction. */
    static boolean isVerified(FakeSettings settings) {
        return Releases.isAtLeast(settings.release(), 3, 6);
    }

    static void addTo(ApiVersionsResponse response, FakeSettings settings, int version) {
        if (!bumpsEpochs(settings)) {
            return;
        }
        response.finalizedFeaturesEpoch(1)
                .finalizedFeatures(List.of(new FinalizedFeatureKey().name(NAME).minVersionLevel(LEVEL).maxVersionLevel(LEVEL)));
        if (version >= FIRST_WITH_LEVEL_ZERO) {
            response.supportedFeatures(List.of(new SupportedFeatureKey().name(NAME).minVersion((short) 0).maxVersion(LEVEL)));
        }
    }
}
