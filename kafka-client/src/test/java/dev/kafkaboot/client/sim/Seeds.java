package dev.kafkaboot.client.sim;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a scenario with many seeds: the first so and so many, or as {@code -Dsim.seeds} says; or one alone, {@code -Dsim.seed}, to replay it.
 *
 * <p>{@code -Dsim.log=file} writes everything that happened in the last run to a file.
 *
 * <p>A failure tells its seed, how to replay it, and what happened last to each process.
 */
public final class Seeds {

    private Seeds() {}

    /** One run of a scenario. */
    @FunctionalInterface
    public interface Scenario {

        /** Runs it in a simulation, which is closed afterwards. */
        void run(Simulation simulation) throws Exception;
    }

    /**
     * Runs a scenario.
     *
     * @param test the class and method, as {@code Class#method}, for the command that replays it
     * @param count how many seeds if nobody says
     */
    public static void run(String test, int count, Scenario scenario) {
        Long single = Long.getLong("sim.seed");
        if (single != null) {
            run(test, single, scenario);
            return;
        }
        long first = Long.getLong("sim.first", 0);
        int seeds = Integer.getInteger("sim.seeds", count);
        for (long seed = first; seed < first + seeds; seed++) {
            run(test, seed, scenario);
        }
    }

    private static void run(String test, long seed, Scenario scenario) {
        String whole = System.getProperty("sim.log");
        Simulation simulation = new Simulation(seed);
        try (simulation) {
            if (whole != null) {
                simulation.log().keepAll();
            }
            scenario.run(simulation);
        } catch (Exception | AssertionError failure) {
            report(simulation, failure);
            throw new AssertionError("Seed " + seed + " at " + simulation.scheduler().time() + ": " + failure.getMessage() + "\nReplay it with\n  ./mvnw -pl kafka-client -am test -Dtest='"
                    + test + "' -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed=" + seed, failure);
        } finally {
            if (whole != null) {
                write(simulation, Path.of(whole));
            }
        }
    }

    private static void write(Simulation simulation, Path file) {
        List<String> lines = new ArrayList<>(simulation.log().all());
        lines.add(simulation.explanation());
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(Simulation simulation, Throwable failure) {
        PrintStream out = System.out;
        out.println("==== seed " + simulation.seed() + ": " + failure);
        out.println(simulation.explanation());
        simulation.log().printLast(out);
    }
}
