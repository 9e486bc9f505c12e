package dev.kafkaboot.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the table: what is done, with which settings.
 *
 * @param kind what is done
 * @param size bytes of a record's value
 * @param codec the compression's name
 * @param acks {@code 1} or {@code all}; of no meaning when consuming
 * @param keyed whether records have keys
 * @param rate records a second that are aimed at, or 0 for as fast as possible
 * @param threads that send, on one producer
 * @param partitions of the topic
 * @param replayedBatch bytes of a batch that is replayed; of no meaning otherwise
 * @param transaction records of a transaction, or 0 for none
 * @param tls whether the clients speak TLS with the broker
 */
record Scenario(
        Kind kind, int size, String codec, String acks, boolean keyed, int rate, int threads, int partitions, int replayedBatch,
        int transaction, boolean tls) {

    private static final int PARTITIONS = 3;

    /** What a scenario does. */
    enum Kind {
        /** Both clients produce. */
        PRODUCE,
        /** Both clients consume. */
        CONSUME,
        /** No client: a prebuilt request is sent again and again, which shows what the broker takes. */
        REPLAY,
        /** No client: fetches over one socket, which shows what broker, kernel and decoding allow. */
        BARE_FETCH
    }

    static Scenario produce(int size, String codec, String acks, boolean keyed) {
        return new Scenario(Kind.PRODUCE, size, codec, acks, keyed, /* rate= */ 0, /* threads= */ 1, PARTITIONS, 0, 0, false);
    }

    static Scenario consume(int size, String codec) {
        return new Scenario(Kind.CONSUME, size, codec, "all", /* keyed= */ false, /* rate= */ 0, /* threads= */ 1, PARTITIONS, 0, 0, false);
    }

    /** The limit that the broker sets, where every batch is of a size: one for each of three partitions makes a request. */
    static Scenario replay(int size, String acks, int batch) {
        return new Scenario(Kind.REPLAY, size, "none", acks, /* keyed= */ false, /* rate= */ 0, /* threads= */ 1, PARTITIONS, batch, 0, false);
    }

    /** The limit for a consumer. */
    static Scenario bareFetch(int size, String codec) {
        return new Scenario(Kind.BARE_FETCH, size, codec, "all", /* keyed= */ false, /* rate= */ 0, /* threads= */ 1, PARTITIONS, 0, 0, false);
    }

    private Scenario at(int recordsPerSecond) {
        return new Scenario(kind, size, codec, acks, keyed, recordsPerSecond, threads, partitions, replayedBatch, transaction, tls);
    }

    private Scenario by(int senders) {
        return new Scenario(kind, size, codec, acks, keyed, rate, senders, partitions, replayedBatch, transaction, tls);
    }

    private Scenario to(int count) {
        return new Scenario(kind, size, codec, acks, keyed, rate, threads, count, replayedBatch, transaction, tls);
    }

    /** To one partition, so that it is known what a transaction adds there: one marker. */
    private Scenario inTransactionsOf(int records) {
        return new Scenario(kind, size, codec, acks, keyed, rate, threads, /* partitions= */ 1, replayedBatch, records, tls);
    }

    private Scenario overTls() {
        return new Scenario(kind, size, codec, acks, keyed, rate, threads, partitions, replayedBatch, transaction, /* tls= */ true);
    }

    /** How many offsets so many records take: a transaction has one more, for its end. */
    long offsets(long records) {
        return transaction == 0 ? records : records + (records + transaction - 1) / transaction;
    }

    /** Every row of the full table. */
    static List<Scenario> full() {
        List<Scenario> all = new ArrayList<>();
        for (int size : new int[] {100, 1024}) {
            for (String codec : new String[] {"none", "lz4", "zstd"}) {
                for (String acks : new String[] {"1", "all"}) {
                    all.add(produce(size, codec, acks, /* keyed= */ false));
                    all.add(produce(size, codec, acks, /* keyed= */ true));
                }
            }
        }
        for (int size : new int[] {100, 1024}) {
            all.add(replay(size, "all", 16 * 1024));
            all.add(replay(size, "all", 340 * 1024)); // three of them are a request of 1 MiB
        }
        Scenario plain = produce(100, "none", "all", /* keyed= */ false);
        all.add(plain.by(8));
        for (int partitions : new int[] {1, 12, 1_000}) {
            all.add(plain.to(partitions));
        }
        for (int records : new int[] {1, 100, 10_000}) {
            all.add(plain.inTransactionsOf(records));
        }
        for (int rate : new int[] {1_000, 20_000, 50_000}) {
            all.add(plain.at(rate));
        }
        all.add(produce(1024, "none", "all", /* keyed= */ false).at(5_000));
        for (int size : new int[] {100, 1024}) {
            for (String codec : new String[] {"none", "lz4", "zstd"}) {
                all.add(consume(size, codec));
            }
            all.add(bareFetch(size, "none"));
        }
        all.add(consume(100, "none").to(1_000));
        for (int size : new int[] {100, 1024}) {
            all.add(produce(size, "none", "all", /* keyed= */ false).overTls());
            all.add(consume(size, "none").overTls());
        }
        return all;
    }

    /** A few rows that tell the most. */
    static List<Scenario> quick() {
        return List.of(
                produce(100, "none", "all", /* keyed= */ false),
                produce(100, "lz4", "all", /* keyed= */ true),
                produce(1024, "none", "all", /* keyed= */ false),
                consume(100, "none"),
                consume(1024, "none"));
    }

    /** The row's name in the table. */
    String label() {
        String what = switch (kind) {
            case PRODUCE -> "produce ";
            case CONSUME -> "consume ";
            case REPLAY -> "replay ";
            case BARE_FETCH -> "bare fetch ";
        } + (size == 1024 ? "1 KiB" : size + " B") + ", " + codec + (tls ? ", TLS" : "");
        return isRead() ? what + width() : what + ", acks=" + acks + details();
    }

    /** Whether records are read that were written beforehand. */
    boolean isRead() {
        return kind == Kind.CONSUME || kind == Kind.BARE_FETCH;
    }

    private String width() {
        return partitions == 1 ? ", 1 partition" : partitions != PARTITIONS ? ", " + partitions + " partitions" : "";
    }

    private String details() {
        return (keyed ? ", keys" : "")
                + (threads > 1 ? ", " + threads + " threads" : "")
                + width()
                + (transaction > 0 ? ", transactions of " + transaction : "")
                + (rate > 0 ? ", at " + rate + "/s" : "")
                + (kind == Kind.REPLAY ? ", batches of " + replayedBatch / 1024 + " KiB" : "");
    }
}
