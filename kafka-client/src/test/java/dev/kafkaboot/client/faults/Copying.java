package dev.kafkaboot.client.faults;

/** A consumer and a producer of one maker, which read, process and write in transactions. For one thread. */
interface Copying extends AutoCloseable {

    /** How many partitions the group has given to it. */
    int partitions();

    /**
     * Takes what there is, if there is anything, and writes it with the offsets in one transaction. The key stays, and to the value it adds who it was.
     *
     * @param beforeTheCommit is run when all is written and nothing is committed; what it throws ends this in the middle of the transaction
     */
    void copy(Runnable beforeTheCommit);

    /** Ends in good order as far as brokers can be reached. */
    @Override
    void close();
}
