package dev.kafkaboot.test.history;

/**
 * One record in one poll.
 *
 * @param poll the poll
 * @param record the record
 */
record Sighting(Operation poll, PolledRecord record) {

    PartitionId partition() {
        return record.partition();
    }

    long offset() {
        return record.offset();
    }

    @Override
    public String toString() {
        return record + " by " + poll.process();
    }
}
