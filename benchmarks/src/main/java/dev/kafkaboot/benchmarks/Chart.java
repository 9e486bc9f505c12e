package dev.kafkaboot.benchmarks;

import java.util.List;
import java.util.Locale;

/** The two ratios of every row as an SVG: how much faster, and how much of the CPU. One is the line where both clients are equal. */
final class Chart {

    private static final int LEFT = 270;
    private static final int BAR = 12;
    private static final int ROW = 40;
    private static final int WIDTH = 560;

    private Chart() {}

    static String of(List<Row> all) {
        List<Row> rows = all.stream().filter(Row::isComparison).toList();
        double largest = Math.max(2, rows.stream().mapToDouble(row -> Math.max(row.rateRatio(), row.cpuRatio())).max().orElse(2));
        double unit = WIDTH / largest;
        int height = 70 + rows.size() * ROW;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                LEFT + WIDTH + 70, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append("<text x=\"10\" y=\"22\" font-size=\"15\">This client against kafka-clients, as ratios</text>\n");
        legend(svg, 10, 36, "#2b6cb0", "records per second: more is better");
        legend(svg, LEFT, 36, "#dd6b20", "CPU per record: less is better");
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            int y = 62 + i * ROW;
            svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LEFT - 10, y + 16, row.scenario().label()));
            bar(svg, y, row.rateRatio(), unit, "#2b6cb0");
            bar(svg, y + BAR + 2, row.cpuRatio(), unit, "#dd6b20");
        }
        svg.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"54\" x2=\"%.1f\" y2=\"%d\" stroke=\"#444444\" stroke-dasharray=\"3 3\"/>%n",
                LEFT + unit, LEFT + unit, height - 6));
        return svg.append("</svg>\n").toString();
    }

    private static void legend(StringBuilder svg, int x, int y, String colour, String text) {
        svg.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>%n",
                x, y, colour, x + 15, y + 10, text));
    }

    private static void bar(StringBuilder svg, int y, double ratio, double unit, String colour) {
        svg.append(String.format(Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\" font-size=\"10\">%.2f</text>%n",
                LEFT, y, ratio * unit, BAR, colour, LEFT + ratio * unit + 4, y + BAR - 2, ratio));
    }
}
