package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Assign;
import dev.kafkaboot.test.history.Action.Close;
import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Action.Crash;
import dev.kafkaboot.test.history.Action.Finished;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Rebalance;
import dev.kafkaboot.test.history.Action.Seek;
import dev.kafkaboot.test.history.Action.Send;
import dev.kafkaboot.test.history.Action.Subscribe;
import dev.kafkaboot.test.history.Action.Transaction;
import java.util.List;
import java.util.Locale;

/** Writes an operation as one line. */
final class OperationText {

    /** A poll of more records than this is shortened. */
    private static final int RECORDS_MAX = 12;

    private OperationText() {}

    static String of(Operation operation) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%5d %s %-14s ", operation.number(), seconds(operation.invoked().nanos()), operation.process()));
        line.append(what(operation.action()));
        if (operation.transaction() >= 0) {
            line.append(" in transaction ").append(operation.transaction());
        }
        line.append(" -> ").append(outcome(operation));
        if (operation.completed() != null && operation.completed().nanos() > operation.invoked().nanos()) {
            line.append(" at ").append(seconds(operation.completed().nanos()).trim());
        }
        return operation.error() == null ? line.toString() : line.append(": ").append(operation.error()).toString();
    }

    static String outcome(Operation operation) {
        if (operation.outcome() == null) {
            return "never ended";
        }
        if (operation.action() instanceof Transaction) {
            return switch (operation.outcome()) {
                case OK -> "committed";
                case FAIL -> "aborted";
                case UNKNOWN -> "unknown";
            };
        }
        return operation.outcome().toString();
    }

    /** A time as seconds, of equal width in one run. */
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%12.6fs", nanos / 1e9);
    }

    static String what(Action action) {
        if (action instanceof Send send) {
            return "send " + send.value() + " to " + send.partition() + (send.offset() < 0 ? "" : "@" + send.offset());
        } else if (action instanceof Poll poll) {
            return "poll " + records(poll.records());
        } else if (action instanceof Commit commit) {
            return (commit.automatic() ? "automatic commit " : "commit ") + commit.offsets() + " of " + commit.group();
        } else if (action instanceof Committed asked) {
            return "committed " + asked.partitions() + " of " + asked.group() + " = " + asked.answer();
        } else if (action instanceof Assign assign) {
            return "assign " + assign.partitions();
        } else if (action instanceof Subscribe subscribe) {
            return subscribe.topics().isEmpty() ? "unsubscribe" : "subscribe " + subscribe.topics();
        } else if (action instanceof Seek seek) {
            return "seek " + seek.partition() + "@" + (seek.offset() < 0 ? "?" : seek.offset());
        } else if (action instanceof Rebalance rebalance) {
            return rebalance.change().name().toLowerCase(Locale.ROOT) + " " + rebalance.partitions();
        } else if (action instanceof Finished finished) {
            return "finished " + finished.partition() + "@" + finished.offset();
        } else if (action instanceof Transaction transaction) {
            return "transaction" + (transaction.end() == null ? "" : ", asked to " + transaction.end().name().toLowerCase(Locale.ROOT));
        } else if (action instanceof Crash) {
            return "crash";
        } else if (action instanceof Close) {
            return "close";
        }
        throw new IllegalArgumentException("No text for " + action);
    }

    private static String records(List<PolledRecord> records) {
        if (records.size() <= RECORDS_MAX) {
            return records.toString();
        }
        String first = records.subList(0, RECORDS_MAX - 1).toString();
        return first.substring(0, first.length() - 1) + ", ... " + (records.size() - RECORDS_MAX) + " more ..., " + records.get(records.size() - 1) + "]";
    }
}
