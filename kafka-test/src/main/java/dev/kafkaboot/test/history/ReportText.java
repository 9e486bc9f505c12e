package dev.kafkaboot.test.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a report for the console: what was found, and what happened around it. */
final class ReportText {

    /** Operations before the first and after the last of an anomaly, of the same partition or process. */
    private static final int AROUND = 4;

    /** So many anomalies of a type are shown with what happened around them; the others in one line. */
    private static final int DETAILED_MAX = 2;

    private ReportText() {}

    static String of(Report report) {
        if (report.isClean()) {
            return "No anomalies in " + report.operations().size() + " operations";
        }
        StringBuilder text = new StringBuilder("Anomalies in " + report.operations().size() + " operations:\n");
        report.counts().forEach((type, count) -> text.append(String.format("%6d  %s%n", count, type.title())));
        Map<AnomalyType, Integer> shown = new TreeMap<>();
        for (Anomaly anomaly : report.anomalies()) {
            text.append('\n').append(anomaly).append('\n');
            if (shown.merge(anomaly.type(), 1, Integer::sum) <= DETAILED_MAX) {
                around(anomaly, report.operations(), text);
            }
        }
        return text.toString();
    }

    private static void around(Anomaly anomaly, List<Operation> all, StringBuilder text) {
        boolean isGap = false;
        for (Operation operation : all) {
            boolean isInvolved = anomaly.operations().contains(operation);
            if (isInvolved || isNear(operation, anomaly, all)) {
                text.append(isGap ? "        ...\n" : "").append(isInvolved ? "  >> " : "     ").append(operation).append('\n');
                isGap = false;
            } else {
                isGap = true;
            }
        }
    }

    /** Whether few operations that touch the same lie between it and one of the anomaly's. */
    private static boolean isNear(Operation operation, Anomaly anomaly, List<Operation> all) {
        if (!isRelated(operation, anomaly)) {
            return false;
        }
        for (Operation involved : anomaly.operations()) {
            int from = Math.min(operation.number(), involved.number());
            int to = Math.max(operation.number(), involved.number());
            if (to - from <= 50 * AROUND && all.subList(from, to).stream().filter(between -> isRelated(between, anomaly)).limit(AROUND + 1L).count() <= AROUND) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRelated(Operation operation, Anomaly anomaly) {
        return anomaly.partition() != null && Touched.by(operation).contains(anomaly.partition())
                || anomaly.operations().stream().anyMatch(involved -> involved.process().equals(operation.process()));
    }
}
