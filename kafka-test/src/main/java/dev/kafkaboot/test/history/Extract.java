package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Action.Finished;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Send;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of one partition is drawn: the operations and offsets around its anomalies, or the last ones if there are none. */
final class Extract {

    private static final int ROWS_AROUND = 6;
    private static final int ROWS_MAX = 160;
    private static final int OFFSETS_AROUND = 8;
    private static final int OFFSETS_MAX = 48;

    private final PartitionId partition;
    private final List<Anomaly> anomalies;
    private final List<Operation> rows = new ArrayList<>();
    private final NavigableSet<Long> offsets = new TreeSet<>();

    Extract(PartitionId partition, Report report, Facts facts) {
        this.partition = partition;
        this.anomalies = report.anomalies().stream().filter(anomaly -> partition.equals(anomaly.partition())).toList();
        chooseOffsets(facts.log(partition).places().navigableKeySet());
        chooseRows(report.operations());
    }

    PartitionId partition() {
        return partition;
    }

    List<Anomaly> anomalies() {
        return anomalies;
    }

    /** The operations to draw, in their order. */
    List<Operation> rows() {
        return rows;
    }

    /** The offsets to draw. */
    NavigableSet<Long> offsets() {
        return offsets;
    }

    private void chooseRows(List<Operation> all) {
        List<Operation> related = all.stream().filter(this::isRelated).toList();
        NavigableSet<Integer> chosen = new TreeSet<>();
        for (int i = 0; i < related.size(); i++) {
            if (isInvolved(related.get(i))) {
                for (int near = Math.max(0, i - ROWS_AROUND); near <= Math.min(related.size() - 1, i + ROWS_AROUND); near++) {
                    chosen.add(near);
                }
            }
        }
        if (anomalies.isEmpty()) {
            for (int i = Math.max(0, related.size() - 4 * ROWS_AROUND); i < related.size(); i++) {
                chosen.add(i);
            }
        }
        chosen.stream().limit(ROWS_MAX).map(related::get).forEach(rows::add);
    }

    /** Whether it has something to show in the columns, or tells of the partition as a whole. */
    private boolean isRelated(Operation operation) {
        if (isInvolved(operation)) {
            return true;
        }
        Action action = operation.action();
        if (action instanceof Send send) {
            return send.partition().equals(partition) && offsets.contains(send.offset());
        } else if (action instanceof Poll poll) {
            return poll.records().stream().anyMatch(record -> record.partition().equals(partition) && offsets.contains(record.offset()));
        } else if (action instanceof Commit commit) {
            return isMark(commit.offsets().get(partition));
        } else if (action instanceof Committed asked) {
            return isMark(asked.answer().get(partition));
        } else if (action instanceof Finished finished) {
            return finished.partition().equals(partition) && offsets.contains(finished.offset());
        }
        return Touched.by(operation).contains(partition);
    }

    private boolean isMark(@Nullable Long offset) {
        return offset != null && (offsets.contains(offset) || offsets.contains(offset - 1));
    }

    /** Whether an operation shows one of the partition's anomalies. */
    boolean isInvolved(Operation operation) {
        return anomalies.stream().anyMatch(anomaly -> anomaly.operations().contains(operation));
    }

    /** Whether something is wrong with an offset in an operation. */
    boolean isWrong(Operation operation, long offset) {
        return anomalies.stream().anyMatch(anomaly -> anomaly.offset() == offset && anomaly.operations().contains(operation));
    }

    /** The offsets that a poll left out, and should not have. */
    List<Long> missing(Operation poll) {
        return anomalies.stream().filter(anomaly -> isOmission(anomaly.type()) && anomaly.operations().indexOf(poll) == anomaly.operations().size() - 1)
                .map(Anomaly::offset).toList();
    }

    private static boolean isOmission(AnomalyType type) {
        return type == AnomalyType.LOST_WRITE || type == AnomalyType.SKIPPED_POLL || type == AnomalyType.INTERNAL_SKIPPED_POLL;
    }

    /** Whether something is wrong with an offset in any operation. */
    boolean isWrong(long offset) {
        return anomalies.stream().anyMatch(anomaly -> anomaly.offset() == offset);
    }

    private void chooseOffsets(NavigableSet<Long> known) {
        anomalies.stream().map(Anomaly::offset).filter(offset -> offset >= 0).distinct().sorted().forEach(wrong -> {
            if (offsets.size() < OFFSETS_MAX) {
                for (long offset = Math.max(0, wrong - OFFSETS_AROUND); offset <= wrong + OFFSETS_AROUND; offset++) {
                    if (known.isEmpty() || offset <= Math.max(known.last(), wrong) + 1) {
                        offsets.add(offset);
                    }
                }
            }
        });
        if (offsets.isEmpty()) {
            long last = known.isEmpty() ? 0 : known.last();
            for (long offset = Math.max(0, last - 3 * OFFSETS_AROUND); offset <= last + 1; offset++) {
                offsets.add(offset);
            }
        }
    }
}
