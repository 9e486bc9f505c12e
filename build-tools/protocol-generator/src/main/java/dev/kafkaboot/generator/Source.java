package dev.kafkaboot.generator;

import java.util.ArrayList;
import java.util.List;

/** Java source under construction: lines, indented by the braces that were opened. */
final class Source {

    private static final int WIDTH = 120;

    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** Adds a line; a brace at its end or start moves the indentation. */
    Source line(String line) {
        if (line.startsWith("}")) {
            depth--;
        }
        if (!line.isEmpty()) {
            text.append("    ".repeat(depth)).append(line);
        }
        text.append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    /** Adds an empty line. */
    Source gap() {
        return line("");
    }

    /** Adds a documentation comment, wrapped. */
    Source doc(String words) {
        String escaped = words.strip()
                .replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;").replace("*/", "*&#47;");
        String indent = "    ".repeat(depth);
        if (indent.length() + escaped.length() + 8 <= WIDTH) {
            return line("/** " + escaped + " */");
        }
        line("/**");
        for (String wrapped : wrap(escaped, WIDTH - indent.length() - 3)) {
            line(" * " + wrapped);
        }
        return line(" */");
    }

    private static List<String> wrap(String words, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split("\\s+")) {
            if (line.length() > 0 && line.length() + word.length() + 1 > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
