package dev.kafkaboot.samples.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The commands of a README with what they print: in blocks fenced as {@code console}, lines that begin with {@code $} are commands and what follows is
 * their output, where {@code …} stands for anything.
 */
final class ReadmeCommands {

    private ReadmeCommands() {}

    /** A command and what it prints. */
    record Step(String command, String output) {

        /** Whether it may be repeated until it prints what it should: it changes nothing. */
        boolean isLook() {
            return !command.contains("-d ") && !command.contains("-X ") && !command.contains("post-orders");
        }

        /** Matches the output. */
        Pattern expected() {
            StringBuilder pattern = new StringBuilder();
            for (String part : output.split("…", -1)) {
                pattern.append(pattern.isEmpty() ? "" : "(?s:.*?)").append(Pattern.quote(part));
            }
            return Pattern.compile(pattern.toString());
        }

        @Override
        public String toString() {
            return command;
        }
    }

    static List<Step> in(Path readme) throws IOException {
        List<Step> steps = new ArrayList<>();
        String command = null;
        StringBuilder output = new StringBuilder();
        boolean inside = false;
        for (String line : Files.readAllLines(readme)) {
            boolean begins = inside && line.startsWith("$ ");
            if (line.startsWith("```") || begins) {
                if (command != null) {
                    steps.add(new Step(command, output.toString().strip()));
                }
                command = begins ? line.substring(2) : null;
                output.setLength(0);
                inside = begins || (!inside && line.equals("```console"));
            } else if (command != null && command.endsWith("\\") && output.isEmpty()) {
                command = command.substring(0, command.length() - 1) + line.strip();
            } else if (inside) {
                output.append(line).append('\n');
            }
        }
        return steps;
    }
}
