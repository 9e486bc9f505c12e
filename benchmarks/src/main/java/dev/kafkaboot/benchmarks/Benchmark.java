package dev.kafkaboot.benchmarks;

import dev.kafkaboot.test.RealKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs every row of the table: this client and kafka-clients in turn, A B A B, each in a JVM of its own, against one broker.
 *
 * <p>A ratio is taken pair by pair, so that what the machine does to both does not count. After every run the records in the topic are counted:
 * a run that lost or doubled one is refused. What a client warns of is shown: with nothing in its way it has nothing to warn of.
 */
public final class Benchmark {

    /** The broker's listener for TLS. */
    private static final String TLS = "TLS";

    private final Options options;
    private final RealKafka kafka;
    private final BrokerCertificate certificate;
    private final Referee referee;
    private int topics;

    private Benchmark(Options options, RealKafka kafka, BrokerCertificate certificate, Referee referee) {
        this.options = options;
        this.kafka = kafka;
        this.certificate = certificate;
        this.referee = referee;
    }

    /** See {@link Options#USAGE}. */
    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        try (BrokerCertificate certificate = BrokerCertificate.make();
                RealKafka kafka = RealKafka.builder().forThroughput().property("auto.create.topics.enable", "false")
                        .listener(TLS, "SSL", certificate.ofListener()).start();
                Referee referee = new Referee(kafka.bootstrapServers())) {
            new Benchmark(options, kafka, certificate, referee).run();
        }
    }

    private void run() throws IOException, InterruptedException, ExecutionException {
        List<Row> rows = new ArrayList<>();
        for (Scenario scenario : options.scenarios()) {
            System.err.print(scenario.label() + " ");
            rows.add(switch (scenario.kind()) {
                case PRODUCE -> produce(scenario);
                case CONSUME -> consume(scenario);
                case BARE_FETCH -> bareFetch(scenario);
                case REPLAY -> replay(scenario);
            });
            System.err.println();
            write(rows);
        }
        System.out.println("Each cell: this client; kafka-clients. A replay and a bare fetch have neither: they are what the broker takes and gives. " + options.pairs() + " pair(s) of runs a row, medians.\n");
        System.out.println(Table.of(rows));
    }

    /** After every row, so that a run that is ended before its time leaves what it has seen. */
    private void write(List<Row> rows) throws IOException {
        Files.createDirectories(options.output());
        Files.writeString(options.output().resolve("benchmarks.md"), Table.of(rows));
        Files.writeString(options.output().resolve("benchmarks.svg"), Chart.of(rows));
    }

    private Row produce(Scenario scenario) throws IOException, InterruptedException, ExecutionException {
        Row row = new Row(scenario, new ArrayList<>(), new ArrayList<>());
        for (int pair = 0; pair < options.pairs(); pair++) {
            row.ours().add(produceOnce(Run.Client.OURS, scenario));
            row.theirs().add(produceOnce(Run.Client.APACHE, scenario));
        }
        return row;
    }

    private Row replay(Scenario scenario) throws IOException, InterruptedException, ExecutionException {
        Row row = new Row(scenario, new ArrayList<>(), List.of());
        for (int i = 0; i < options.pairs(); i++) {
            row.ours().add(produceOnce(Run.Client.NONE, scenario));
        }
        return row;
    }

    private Result produceOnce(Run.Client client, Scenario scenario) throws IOException, InterruptedException, ExecutionException {
        String topic = newTopic(scenario.partitions());
        referee.settle(topic, scenario.partitions());
        long before = referee.count(topic, scenario.partitions());
        Run run = newRun(client, scenario, topic);
        Outcome outcome = inOwnJvm(run);
        long arrived = referee.count(topic, scenario.partitions()) - before;
        long expected = outcome.warmUps() * scenario.offsets(run.warmUp()) + scenario.offsets(run.measured());
        if (arrived != expected) {
            throw new IllegalStateException(client + " sent what takes " + expected + " offsets and the topic has " + arrived);
        }
        referee.deleteTopic(topic);
        return outcome.result();
    }

    private Row consume(Scenario scenario) throws IOException, InterruptedException, ExecutionException {
        String topic = newTopic(scenario.partitions());
        referee.fill(topic, scenario, options.measured(scenario));
        Row row = new Row(scenario, new ArrayList<>(), new ArrayList<>());
        for (int pair = 0; pair < options.pairs(); pair++) {
            Outcome ours = inOwnJvm(newRun(Run.Client.OURS, scenario, topic));
            Outcome theirs = inOwnJvm(newRun(Run.Client.APACHE, scenario, topic));
            if (!Objects.equals(ours.checksum(), theirs.checksum())) {
                throw new IllegalStateException("The clients did not read the same: " + ours.checksum() + " and " + theirs.checksum());
            }
            row.ours().add(ours.result());
            row.theirs().add(theirs.result());
        }
        referee.deleteTopic(topic);
        return row;
    }

    private Row bareFetch(Scenario scenario) throws IOException, InterruptedException, ExecutionException {
        String topic = newTopic(scenario.partitions());
        referee.fill(topic, scenario, options.measured(scenario));
        Row row = new Row(scenario, new ArrayList<>(), List.of());
        for (int i = 0; i < options.pairs(); i++) {
            row.ours().add(inOwnJvm(newRun(Run.Client.NONE, scenario, topic)).result());
        }
        referee.deleteTopic(topic);
        return row;
    }

    private Run newRun(Run.Client client, Scenario scenario, String topic) {
        return new Run(
                client, scenario, scenario.tls() ? kafka.bootstrapServers(TLS) : kafka.bootstrapServers(), certificate.certificate().toString(), topic,
                options.warmUp(scenario), options.measured(scenario));
    }

    private String newTopic(int partitions) throws InterruptedException, ExecutionException {
        String topic = "bench-" + topics++;
        referee.createTopic(topic, partitions);
        return topic;
    }

    /**
     * What the JVM of one run printed.
     *
     * @param result its result
     * @param warmUps how often it sent or read what belongs to a warm-up
     * @param checksum the sum over what it read, or null if it did not read
     */
    private record Outcome(Result result, int warmUps, @Nullable String checksum) {}

    private static Outcome inOwnJvm(Run run) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        command.addAll(run.toArguments());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Result result = null;
        int warmUps = 0;
        String checksum = null;
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (Result.isLine(line)) {
                    result = Result.fromLine(line);
                } else if (line.startsWith(Worker.ROUNDS)) {
                    warmUps = Integer.parseInt(line.substring(Worker.ROUNDS.length()));
                } else if (line.startsWith("CHECKSUM ")) {
                    checksum = line;
                } else {
                    output.append(line).append('\n');
                }
            }
        } finally {
            process.destroy();
        }
        int exit = process.waitFor();
        if (exit != 0 || result == null) {
            throw new IllegalStateException(run + " ended with exit code " + exit + ":\n" + output);
        }
        System.err.print(output.isEmpty() ? "." : "!\n" + run.client() + " logged:\n" + output);
        return new Outcome(result, warmUps, checksum);
    }
}
