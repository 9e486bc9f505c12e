package dev.kafkaboot.test.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Do the acknowledged sends of a process to a partition have offsets in the order in which they were made? Of a repeated batch, none may be known. */
final class SendOrderCheck implements Check {

    /** One order that must hold. */
    private record Line(ProcessId process, PartitionId partition) {}

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        if (!facts.expectations().isOrdered()) {
            return;
        }
        Map<Line, Write> highest = new TreeMap<>(
                (a, b) -> a.partition().equals(b.partition()) ? Reading.ORDER.compare(a.process(), b.process()) : a.partition().compareTo(b.partition()));
        for (Write write : facts.writes()) { // values are counted up as they are sent
            if (!write.hasOffset()) {
                continue;
            }
            Line line = new Line(write.operation().process(), write.partition());
            Write before = highest.get(line);
            if (before != null && before.offset() > write.offset()) {
                findings.add(AnomalyType.NON_MONOTONIC_SEND, write.partition(), write.offset(),
                        line.process() + " sent " + before.value() + " before " + write.value() + ", and they are at " + write.partition() + "@"
                                + before.offset() + " and @" + write.offset(),
                        List.of(before.operation(), write.operation()));
            } else {
                highest.put(line, write);
            }
        }
    }
}
