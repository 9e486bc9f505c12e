package dev.kafkaboot.test.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Draws a report as a page that needs nothing else: a summary, the whole run, and each partition around its anomalies. */
final class ReportHtml {

    private static final int PARTITIONS_MAX = 24;

    private static final List<Map.Entry<String, String>> LEGEND = List.of(
            Map.entry("send", "send, acknowledged and visible"), Map.entry("unknown", "send of unknown outcome"),
            Map.entry("failed", "send that failed, or aborted"), Map.entry("poll", "read by a poll"), Map.entry("finished", "finished"),
            Map.entry("commit", "commit of all to the left"), Map.entry("told", "told committed offset"), Map.entry("seek", "seek"),
            Map.entry("rebalance", "rebalance"), Map.entry("transaction", "transaction"), Map.entry("crash", "crash"), Map.entry("wrong", "wrong"));

    private final Report report;
    private final Facts facts;
    private final StringBuilder page = new StringBuilder();

    private ReportHtml(Report report, Expectations expectations) {
        this.report = report;
        this.facts = new Facts(report.operations(), expectations);
    }

    static String of(Report report, Expectations expectations) {
        ReportHtml html = new ReportHtml(report, expectations);
        html.write();
        return html.page.toString();
    }

    private void write() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>History</title><style>\n").append(styles()).append("</style></head><body>\n");
        summary();
        Overview overview = new Overview(report);
        page.append("<h2>The run</h2><p class=\"note\">").append(overview.size()).append(" of ").append(report.operations().size())
                .append(" operations, a lane for each process; hover for details.</p>\n<div class=\"chart\">").append(overview.draw()).append("</div>\n");
        legend();
        List<Extract> extracts = facts.logs().stream().map(log -> new Extract(log.partition(), report, facts))
                .filter(extract -> report.isClean() || !extract.anomalies().isEmpty()).limit(PARTITIONS_MAX).toList();
        extracts.forEach(this::partition);
        List<Anomaly> others = report.anomalies().stream().filter(anomaly -> anomaly.partition() == null).toList();
        if (!others.isEmpty()) {
            page.append("<h2>Not in one partition</h2>\n");
            anomalies(others);
        }
        page.append("</body></html>\n");
    }

    private void summary() {
        page.append("<h1>").append(report.isClean() ? "<span class=\"fine\">✓</span> No anomalies" : "<span class=\"bad\">✗</span> Anomalies")
                .append(" in ").append(report.operations().size()).append(" operations</h1>\n");
        if (!report.isClean()) {
            page.append("<div class=\"counts\">");
            report.counts().forEach((type, count) ->
                    page.append("<span class=\"count\"><b>").append(count).append("</b> ").append(Svg.escape(type.title())).append("</span>"));
            page.append("</div>\n");
        }
    }

    private void legend() {
        page.append("<div class=\"legend\">");
        LEGEND.forEach(entry -> page.append("<span><svg width=\"14\" height=\"12\"><rect x=\"1\" y=\"1\" width=\"12\" height=\"10\" class=\"cell ")
                .append(entry.getKey()).append("\"/></svg> ").append(entry.getValue()).append("</span>"));
        page.append("</div>\n");
    }

    private void partition(Extract extract) {
        page.append("<h2>").append(Svg.escape(extract.partition().toString())).append("</h2>\n");
        anomalies(extract.anomalies());
        page.append("<div class=\"chart\">").append(new OffsetChart(extract, facts).draw()).append("</div>\n");
    }

    private void anomalies(List<Anomaly> anomalies) {
        page.append("<ul>");
        anomalies.forEach(anomaly -> {
            page.append("<li><b>").append(Svg.escape(anomaly.type().title())).append("</b> ").append(Svg.escape(anomaly.explanation())).append("<pre>");
            anomaly.operations().forEach(operation -> page.append(Svg.escape(operation.toString())).append('\n'));
            page.append("</pre></li>\n");
        });
        page.append("</ul>\n");
    }

    private static String styles() {
        try (InputStream resource = Objects.requireNonNull(ReportHtml.class.getResourceAsStream("report.css"), "report.css")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
