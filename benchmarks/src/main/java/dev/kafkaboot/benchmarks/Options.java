package dev.kafkaboot.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param scenarios the rows
 * @param pairs how often each row is run by both clients in turn
 * @param scale share of the full count of records
 * @param output folder for the table and the chart
 */
record Options(List<Scenario> scenarios, int pairs, double scale, Path output) {

    static final String USAGE = """
            benchmarks/run [--quick] [--pairs N] [--only TEXT] [--out DIR]
              --quick     a few rows, one pair each, fewer records: about three minutes
              --pairs N   pairs of runs a row (5)
              --scale X   so many of the usual records, as 0.25; fewer are quicker and less steady
              --only TEXT only the rows whose name contains TEXT ("produce 100 B")
              --out DIR   where benchmarks.md and benchmarks.svg go (benchmarks/target)
            """;

    static Options parse(String[] args) {
        boolean quick = List.of(args).contains("--quick");
        List<Scenario> scenarios = quick ? Scenario.quick() : Scenario.full();
        int pairs = quick ? 1 : 5;
        double scale = quick ? 0.25 : 1;
        Path output = Path.of("benchmarks", "target");
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> { }
                case "--pairs" -> pairs = Integer.parseInt(argument(args, ++i));
                case "--scale" -> scale = Double.parseDouble(argument(args, ++i));
                case "--only" -> {
                    String text = argument(args, ++i);
                    scenarios = scenarios.stream().filter(scenario -> scenario.label().contains(text)).toList();
                    if (scenarios.isEmpty()) {
                        throw new IllegalArgumentException("No row is named like '" + text + "'. The rows: "
                                + Scenario.full().stream().map(Scenario::label).toList());
                    }
                }
                case "--out" -> output = Path.of(argument(args, ++i));
                default -> throw new IllegalArgumentException("Unknown option '" + args[i] + "'.\n" + USAGE);
            }
        }
        return new Options(scenarios, pairs, scale, output);
    }

    private static String argument(String[] args, int index) {
        if (index >= args.length) {
            throw new IllegalArgumentException(args[index - 1] + " needs a value.\n" + USAGE);
        }
        return args[index];
    }

    /** Records to measure in one run of a row. */
    long measured(Scenario scenario) {
        if (scenario.rate() > 0) {
            return (long) (scenario.rate() * 20 * scale);
        }
        if (scenario.transaction() > 0) {
            return (long) (Math.min(scenario.transaction() * 20_000L, 3_000_000) * scale);
        }
        long full = scenario.size() <= 100 ? 6_000_000 : 1_200_000;
        return ((long) (full * scale)) * (scenario.isRead() ? 2 : 1);
    }

    /** Records of a round of the warm-up, of which there are as many as the JIT needs. */
    long warmUp(Scenario scenario) {
        return measured(scenario) / 2;
    }
}
