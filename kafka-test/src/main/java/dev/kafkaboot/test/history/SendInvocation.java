package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Send;

/** A send that has begun. */
public final class SendInvocation extends Invocation {

    private final HistoryValue value;

    SendInvocation(History history, int number, HistoryValue value) {
        super(history, number);
        this.value = value;
    }

    /** What is sent. */
    public HistoryValue value() {
        return value;
    }

    /** The bytes to send. */
    public byte[] payload() {
        return value.encode();
    }

    /** It was acknowledged at an offset; negative if the broker named none, as at acks=0 or after a repeated batch. */
    public void ok(long offset) {
        ok(value.partition(), offset);
    }

    /** It was acknowledged at an offset of the partition that was chosen. */
    public void ok(int partition, long offset) {
        Send result = new Send(value, new PartitionId(value.topic(), partition), Math.max(offset, Action.NO_OFFSET));
        complete(Outcome.OK, null, sent -> result);
    }
}
