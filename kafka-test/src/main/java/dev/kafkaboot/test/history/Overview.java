package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Draws a whole history: a lane for each process, time from left to right. */
final class Overview {

    /** More marks than this are a blot; then only what is near an anomaly is drawn. */
    private static final int OPERATIONS_MAX = 4_000;

    private static final double LABEL = 190;
    private static final double WIDTH = 1_040;
    private static final double LANE = 20;
    private static final double HEAD = 24;

    private final List<Operation> operations;
    private final Set<Integer> involved;
    private final List<ProcessId> lanes;
    private final Svg svg = new Svg();
    private final long from;
    private final long to;

    Overview(Report report) {
        involved = report.anomalies().stream().flatMap(anomaly -> anomaly.operations().stream()).map(Operation::number)
                .collect(Collectors.toCollection(TreeSet::new));
        operations = chosen(report.operations());
        lanes = new ArrayList<>(operations.stream().map(Operation::process).distinct().sorted(Reading.ORDER).toList());
        from = operations.stream().mapToLong(operation -> operation.invoked().nanos()).min().orElse(0);
        to = Math.max(from + 1, operations.stream().mapToLong(Overview::end).max().orElse(0));
    }

    private List<Operation> chosen(List<Operation> all) {
        if (all.size() <= OPERATIONS_MAX || involved.isEmpty()) {
            return all.subList(Math.max(0, all.size() - OPERATIONS_MAX), all.size());
        }
        int reach = Math.max(20, OPERATIONS_MAX / involved.size() / 2);
        Set<Integer> numbers = new TreeSet<>();
        for (int center : involved) {
            for (int number = Math.max(0, center - reach); number < Math.min(all.size(), center + reach); number++) {
                numbers.add(number);
            }
        }
        return numbers.stream().map(all::get).toList();
    }

    /** How many operations are drawn. */
    int size() {
        return operations.size();
    }

    private static long end(Operation operation) {
        return operation.completed() == null ? operation.invoked().nanos() : operation.completed().nanos();
    }

    String draw() {
        double height = HEAD + lanes.size() * LANE + 6;
        for (int tick = 0; tick <= 10; tick++) {
            double x = LABEL + WIDTH * tick / 10;
            svg.line(x, HEAD - 6, x, height, "grid").text(x, 14, OperationText.seconds(from + (to - from) / 10 * tick).strip(), "offset");
        }
        for (int i = 0; i < lanes.size(); i++) {
            svg.text(LABEL - 8, HEAD + i * LANE + 14, Labels.shortened(lanes.get(i).toString(), 25), "lane");
            svg.line(LABEL, HEAD + i * LANE + LANE / 2, LABEL + WIDTH, HEAD + i * LANE + LANE / 2, "lane-line");
        }
        operations.stream().filter(operation -> !involved.contains(operation.number())).forEach(this::mark);
        operations.stream().filter(operation -> involved.contains(operation.number())).forEach(operation -> {
            double x = x(operation.invoked().nanos());
            svg.line(x, HEAD - 6, x, height, "wrong-line");
            mark(operation);
        });
        return svg.toString(LABEL + WIDTH + 40, height);
    }

    private void mark(Operation operation) {
        double y = HEAD + lanes.indexOf(operation.process()) * LANE;
        double x = x(operation.invoked().nanos());
        double width = Math.max(2.5, x(end(operation)) - x);
        boolean isThin = operation.action() instanceof Action.Transaction;
        String style = "bar " + (involved.contains(operation.number()) ? "wrong" : Labels.style(operation.action()));
        svg.begin(operation.toString().strip());
        svg.rect(x, y + (isThin ? LANE - 5 : 3), operation.isOpen() ? LABEL + WIDTH - x : width, isThin ? 2 : LANE - 9, style);
        svg.end();
    }

    private double x(long nanos) {
        return LABEL + WIDTH * (nanos - from) / (to - from);
    }
}
