package dev.kafkaboot.test.conformance;

/** A step that the two answer differently, and why that is left so. If they come to agree, its test fails, so that the entry goes. */
enum KnownDifference {
    LARGEST_TIMESTAMP_OF_DELETED_RECORDS(
            "largest timestamp after all are deleted v11",
            "[NONE, 8, time, 0]",
            "[NONE, -1, -1, -1]",
            "A real broker still looks into the segment, which is there until it is rolled, and finds a record below the log's start. FakeKafka has no segments."),
    PARTITION_IN_ERROR_COMES_FIRST(
            "still unknown v13",
            "[NONE, session#0, 0, [[[0, NONE, 8, 8, 0, -1, -1, -1, null, 528, -1, -1]], [[0, NONE, 8, 8, 0, -1, -1, -1, null, 528, -1, -1]], "
                    + "[[0, UNKNOWN_TOPIC_ID, -1, -1, -1, -1, -1, -1, [], 0, -1, -1]]]]",
            "[NONE, session#0, 0, [[[0, UNKNOWN_TOPIC_ID, -1, -1, -1, -1, -1, -1, [], 0, -1, -1]], "
                    + "[[0, NONE, 8, 8, 0, -1, -1, -1, null, 528, -1, -1]], [[0, NONE, 8, 8, 0, -1, -1, -1, null, 528, -1, -1]]]]",
            "Only partitions with records go to the end of FakeKafka's session. No client heeds the order within an answer."),
    SEQUENCE_AFTER_A_RETRIED_END(
            "second batch after an end of version 4 v12",
            "[OUT_OF_ORDER_SEQUENCE_NUMBER, -1, no text]",
            "[NONE, 6, no text]",
            "An old EndTxn keeps the epoch, so the first batch passes for a repetition; a real broker wants the new transaction to begin at 0. No client mixes the two.");

    private final String step;
    private final String real;
    private final String fake;

    KnownDifference(String step, String real, String fake, String reason) {
        this.step = step;
        this.real = real;
        this.fake = fake;
        if (reason.isBlank()) {
            throw new IllegalArgumentException("no reason for " + step);
        }
    }

    String ofReal() {
        return step + ": " + real;
    }

    String ofFake() {
        return step + ": " + fake;
    }
}
