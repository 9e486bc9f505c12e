package dev.kafkaboot.test.conformance;

/** A step that the two answer differently, and why that is left so. If they come to agree, its test fails, so that the entry goes. */
enum KnownDifference {
    SEQUENCE_AFTER_A_RETRIED_END(
            "second batch after an end of version 4 v12",
            "[OUT_OF_ORDER_SEQUENCE_NUMBER, -1, no text]",
            "[NONE, 6, no text]",
            "An old EndTxn keeps the epoch, so the first batch passes for a repetition; a real broker wants the new transaction to begin at 0. No client mixes the two."),
    ALTERED_UNDER_AN_OPEN_CONNECTION(
            "from there on v2",
            "[NONE, no text, 30000, 0, topic#0-0 NONE no text acknowledged NONE no text leader 0/0 bytes 105 acquired [2-3x2]]",
            "[NONE, no text, 30000, 0, topic#0-0 NONE no text acknowledged NONE no text leader 0/0 bytes 105 acquired [1-3x1]]",
            "While a connection lasts on which the group has read, a real broker does not hear of what was altered before it refuses to write what became of a record.");

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
