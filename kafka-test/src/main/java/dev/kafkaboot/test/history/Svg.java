package dev.kafkaboot.test.history;

import java.util.Locale;

/** Puts an SVG together. */
final class Svg {

    private final StringBuilder body = new StringBuilder();

    /** Text for between tags and in attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    Svg rect(double x, double y, double width, double height, String style) {
        body.append(String.format(Locale.ROOT, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>", x, y, width, height, style));
        return this;
    }

    Svg line(double x1, double y1, double x2, double y2, String style) {
        body.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", x1, y1, x2, y2, style));
        return this;
    }

    Svg path(String data, String style) {
        body.append("<path d=\"").append(data).append("\" class=\"").append(style).append("\"/>");
        return this;
    }

    Svg text(double x, double y, String text, String style) {
        body.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>", x, y, style, escape(text)));
        return this;
    }

    /** What is drawn until {@link #end} tells this when the mouse is over it. */
    Svg begin(String tip) {
        body.append("<g><title>").append(escape(tip)).append("</title>");
        return this;
    }

    Svg end() {
        body.append("</g>\n");
        return this;
    }

    String toString(double width, double height) {
        return String.format(Locale.ROOT, "<svg width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">%n%s</svg>%n", width, height, width, height, body);
    }
}
