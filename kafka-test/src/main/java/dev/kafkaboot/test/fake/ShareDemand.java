package dev.kafkaboot.test.fake;

/**
 * How many records a fetch of a share group wants (KIP-932, KIP-1206).
 *
 * @param maxRecords the number
 * @param batchSize how many are given as one range, about
 * @param isStrict whether the number is a limit, and not to be rounded up to the end of a batch
 */
record ShareDemand(int maxRecords, int batchSize, boolean isStrict) {

    /** What is left when some were given. */
    ShareDemand less(int given) {
        return new ShareDemand(Math.max(0, maxRecords - given), batchSize, isStrict);
    }

    ShareDemand atMost(int records) {
        return new ShareDemand(Math.min(maxRecords, records), batchSize, isStrict);
    }
}
