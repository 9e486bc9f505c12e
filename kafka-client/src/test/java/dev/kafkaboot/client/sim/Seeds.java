package dev.kafkaboot.client.sim;

import java.io.PrintStream;
import java.util.function.LongFunction;

/**
 * Runs a scenario with many seeds: the first so and so many, or as {@code -Dsim.seeds} says; or one alone, {@code -Dsim.seed}, to replay it.
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
            run(test, single, Simulation::new, scenario);
            return;
        }
        long first = Long.getLong("sim.first", 0);
        int seeds = Integer.getInteger("sim.seeds", count);
        for (long seed = first; seed < first + seeds; seed++) {
            run(test, seed, Simulation::new, scenario);
        }
    }

    private static void run(String test, long seed, LongFunction<Simulation> worlds, Scenario scenario) {
        Simulation simulation = worlds.apply(seed);
        try (simulation) {
            scenario.run(simulation);
            if (Boolean.getBoolean("sim.print")) {
                report(simulation, "passed");
            }
        } catch (Exception | AssertionError failure) {
            report(simulation, failure);
            throw new AssertionError("Seed " + seed + " at " + simulation.scheduler().time() + ": " + failure.getMessage() + "\nReplay it with\n  ./mvnw -pl kafka-client -am test -Dtest='"
                    + test + "' -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed=" + seed, failure);
        }
    }

    private static void report(Simulation simulation, Object outcome) {
        PrintStream out = System.out;
        out.println("==== seed " + simulation.seed() + ": " + outcome);
        out.println(simulation.explanation());
        simulation.log().printLast(out);
    }
}
