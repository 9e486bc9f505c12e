package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Action.Finished;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Seek;
import dev.kafkaboot.test.history.Action.Send;
import java.util.Map;
import java.util.TreeMap;

/** Draws one partition: its operations from top to bottom, its offsets from left to right, and in between who wrote and read what. */
final class OffsetChart {

    private static final double LABEL = 330;
    private static final double CELL = 38;
    private static final double ROW = 21;
    private static final double GAP = 16;
    private static final double HEAD = 26;

    private final Extract extract;
    private final Facts facts;
    private final Svg svg = new Svg();
    private final Map<Long, Double> columns = new TreeMap<>();
    private double width = LABEL;

    OffsetChart(Extract extract, Facts facts) {
        this.extract = extract;
        this.facts = facts;
        long before = -1;
        for (long offset : extract.offsets()) {
            width += offset > before + 1 ? GAP : 0;
            columns.put(offset, width);
            width += CELL;
            before = offset;
        }
        width += GAP;
    }

    String draw() {
        double height = HEAD + GAP;
        int before = -1;
        for (Operation row : extract.rows()) {
            height += ROW + (before >= 0 && row.number() > before + 1 ? GAP / 2 : 0);
            before = row.number();
        }
        head(height);
        double y = HEAD;
        before = -1;
        for (Operation row : extract.rows()) {
            if (before >= 0 && row.number() > before + 1) {
                y += GAP / 2;
                svg.line(8, y - GAP / 4, width, y - GAP / 4, "gap");
            }
            row(row, y);
            y += ROW;
            before = row.number();
        }
        return svg.toString(width, height);
    }

    private void head(double height) {
        columns.forEach((offset, x) -> {
            boolean isWrong = extract.isWrong(offset);
            if (isWrong) {
                svg.rect(x, 4, CELL, height - 8, "wrong-column");
            }
            svg.text(x + CELL / 2, 18, Long.toString(offset), isWrong ? "offset wrong-text" : "offset");
            svg.line(x, HEAD - 4, x, height - 8, "grid");
        });
    }

    private void row(Operation operation, double y) {
        boolean isInvolved = extract.isInvolved(operation);
        svg.begin(operation.toString().strip());
        if (isInvolved) {
            svg.rect(0, y, width, ROW, "wrong-row");
        }
        svg.text(8, y + 14.5, String.valueOf(operation.number()), "number");
        svg.text(62, y + 14.5, OperationText.seconds(operation.invoked().nanos()).strip(), "time");
        svg.text(140, y + 14.5, Labels.shortened(operation.process().toString(), 15), isInvolved ? "process wrong-text" : "process");
        svg.text(250, y + 14.5, Labels.kind(operation), "kind");
        if (operation.action() instanceof Send send) {
            send(operation, send, y);
        } else if (operation.action() instanceof Poll poll) {
            poll.records().stream().filter(record -> record.partition().equals(extract.partition())).forEach(record -> cell(
                    operation, record.offset(), y, "poll", record.value() == null ? "⚡" : record.value().toString()));
            extract.missing(operation).forEach(offset -> missing(offset, y));
        } else if (operation.action() instanceof Commit commit) {
            mark(operation, commit.offsets().getOrDefault(extract.partition(), -1L), y, "commit");
        } else if (operation.action() instanceof Committed asked) {
            mark(operation, asked.answer().getOrDefault(extract.partition(), -1L), y, "told");
        } else if (operation.action() instanceof Seek seek) {
            mark(operation, seek.offset(), y, "seek");
        } else if (operation.action() instanceof Finished finished) {
            cell(operation, finished.offset(), y, "finished", "✓");
        } else {
            svg.text(LABEL + 6, y + 14.5, OperationText.what(operation.action()), "event");
        }
        svg.end();
    }

    private void send(Operation operation, Send send, double y) {
        Write write = facts.write(new PolledRecord(send.partition(), 0, send.value()));
        Outcome outcome = write == null ? Outcome.UNKNOWN : write.outcome();
        String style = switch (outcome) {
            case OK -> "send";
            case FAIL -> "failed";
            case UNKNOWN -> "unknown";
        };
        if (send.offset() >= 0) {
            cell(operation, send.offset(), y, style, send.value().toString());
        } else if (write != null) {
            write.sightings().stream().map(Sighting::offset).distinct().forEach(offset -> cell(operation, offset, y, style, send.value().toString()));
        }
    }

    private void cell(Operation operation, long offset, double y, String style, String text) {
        Double x = columns.get(offset);
        if (x != null) {
            svg.rect(x + 1.5, y + 2, CELL - 3, ROW - 4, extract.isWrong(operation, offset) ? "cell wrong" : "cell " + style);
            svg.text(x + CELL / 2, y + 14.5, text, extract.isWrong(operation, offset) ? "value on-wrong" : "value on-" + style);
        }
    }

    private void missing(long offset, double y) {
        Double x = columns.get(offset);
        if (x != null) {
            svg.rect(x + 1.5, y + 2, CELL - 3, ROW - 4, "cell missing").text(x + CELL / 2, y + 14.5, "—", "value wrong-text");
        }
    }

    /** A mark between two columns: what lies to the left of it is done. */
    private void mark(Operation operation, long offset, double y, String style) {
        Double left = columns.get(offset - 1);
        Double x = columns.containsKey(offset) ? columns.get(offset) : left == null ? null : Double.valueOf(left + CELL);
        if (x != null) {
            String full = extract.isInvolved(operation) ? "mark wrong" : "mark " + style;
            svg.rect(x - 2, y + 1, 4, ROW - 2, full);
            svg.path("M" + (x - 2) + " " + (y + 4) + " l-7 6.5 l7 6.5 z", full);
        }
    }
}
