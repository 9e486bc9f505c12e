package dev.kafkaboot.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the table: what is done, with which settings.
 *
 * @param produce true to produce, false to consume
 * @param size bytes of a record's value
 * @param codec the compression's name
 * @param acks {@code 1} or {@code all}; of no meaning when consuming
 * @param keyed whether records have keys
 * @param rate records a second that are aimed at, or 0 for as fast as possible
 */
record Scenario(boolean produce, int size, String codec, String acks, boolean keyed, int rate) {

    static Scenario produce(int size, String codec, String acks, boolean keyed) {
        return new Scenario(true, size, codec, acks, keyed, 0);
    }

    static Scenario paced(int size, String acks, int rate) {
        return new Scenario(true, size, "none", acks, false, rate);
    }

    static Scenario consume(int size, String codec) {
        return new Scenario(false, size, codec, "all", false, 0);
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
        all.add(paced(100, "all", 20_000));
        all.add(paced(1024, "all", 5_000));
        for (int size : new int[] {100, 1024}) {
            for (String codec : new String[] {"none", "lz4", "zstd"}) {
                all.add(consume(size, codec));
            }
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
        String what = (produce ? "produce " : "consume ") + (size == 1024 ? "1 KiB" : size + " B") + ", " + codec;
        if (!produce) {
            return what;
        }
        return what + ", acks=" + acks + (keyed ? ", keys" : "") + (rate > 0 ? ", at " + rate + "/s" : "");
    }
}
