package dev.kafkaboot.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The JVM of one run: warms up, measures, prints its {@link Result} and ends. */
public final class Worker {

    /** One record in so many has its latency taken, so that taking it costs both clients next to nothing. */
    private static final int SAMPLE = 64;

    /**
     * How long the warm-up takes at least: in the first seconds the JIT compilers need as much CPU as a client, and a fast client would be through with the
     * records of its warm-up before they are.
     */
    private static final long WARM_UP_NANOS = Duration.ofSeconds(10).toNanos();

    /** Begins the line that tells how many rounds the warm-up took. */
    static final String ROUNDS = "ROUNDS ";

    private Worker() {}

    /** Started by {@link Benchmark} with a {@link Run} as arguments. */
    public static void main(String[] args) throws Exception {
        Run run = Run.fromArguments(args);
        Result result = switch (run.scenario().kind()) {
            case PRODUCE -> produce(run);
            case CONSUME, BARE_FETCH -> consume(run);
            case REPLAY -> replay(run);
        };
        System.out.println(result.toLine());
    }

    /** Does it as often as it takes, and tells how often that was. */
    private static void warmUp(Round round) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int rounds = 0;
        do {
            round.run();
            rounds++;
        } while (System.nanoTime() - start < WARM_UP_NANOS);
        System.out.println(ROUNDS + rounds);
    }

    private interface Round {

        void run() throws IOException, InterruptedException;
    }

    private static Result replay(Run run) throws IOException, InterruptedException {
        Meter meter = new Meter();
        try (ReplayClient client = ReplayClient.connect(run)) {
            warmUp(() -> client.replay(run.warmUp(), meter));
            meter.start();
            client.replay(run.measured(), meter);
            return meter.stop(run.measured());
        }
    }

    private static Result produce(Run run) throws IOException, InterruptedException {
        Payloads payloads = new Payloads(run.scenario().size());
        Meter meter = new Meter();
        try (ProduceClient client = run.client() == Run.Client.OURS ? new OurProduceClient(run) : new ApacheProduceClient(run)) {
            warmUp(() -> {
                send(client, payloads, run, run.warmUp(), meter);
                client.flush();
            });
            meter.start();
            send(client, payloads, run, run.measured(), meter);
            client.flush();
            return meter.stop(run.measured());
        }
    }

    /** Each thread sends its share; the first one's is the larger if they cannot be equal. */
    private static void send(ProduceClient client, Payloads payloads, Run run, long count, Meter meter) throws InterruptedException {
        int threads = run.scenario().threads();
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            Thread other = new Thread(() -> sendShare(client, payloads, run, count / threads, meter), "sender-" + i);
            others.add(other);
            other.start();
        }
        sendShare(client, payloads, run, count - count / threads * (threads - 1), meter);
        for (Thread other : others) {
            other.join();
        }
    }

    private static void sendShare(ProduceClient client, Payloads payloads, Run run, long count, Meter meter) {
        boolean keyed = run.scenario().keyed();
        int rate = run.scenario().rate() / run.scenario().threads();
        int transaction = run.scenario().transaction();
        long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            if (rate > 0) {
                awaitTurn(start + i * 1_000_000_000L / rate);
            }
            if (transaction > 0 && i % transaction == 0) {
                client.begin();
            }
            if (i % SAMPLE == 0) {
                client.sendTimed(payloads.key(i, keyed), payloads.value(i), meter);
            } else {
                client.send(payloads.key(i, keyed), payloads.value(i));
            }
            if (transaction > 0 && ((i + 1) % transaction == 0 || i == count - 1)) {
                client.commit();
            }
        }
    }

    /** Waits for a record's turn; sleeps only when there is a millisecond to lose, so that bursts stay small. */
    private static void awaitTurn(long due) {
        long early = due - System.nanoTime();
        while (early > 1_000_000) {
            LockSupport.parkNanos(early);
            early = due - System.nanoTime();
        }
    }

    private static Result consume(Run run) throws IOException, InterruptedException {
        Meter meter = new Meter();
        try (ConsumeClient client = consumeClient(run)) {
            warmUp(() -> {
                client.begin();
                read(client, run.warmUp());
            });
            client.begin();
            meter.start();
            long measured = read(client, run.measured());
            Result result = meter.stop(measured);
            if (measured != run.measured()) {
                throw new IllegalStateException("Read " + measured + " records where the topic has " + run.measured());
            }
            System.out.println("CHECKSUM " + client.checksum());
            return result;
        }
    }

    private static ConsumeClient consumeClient(Run run) throws IOException {
        return switch (run.client()) {
            case OURS -> new OurConsumeClient(run);
            case APACHE -> new ApacheConsumeClient(run);
            case NONE -> BareFetchClient.connect(run);
        };
    }

    private static long read(ConsumeClient client, long atLeast) {
        long count = 0;
        int emptyPolls = 0;
        while (count < atLeast) {
            int polled = client.poll();
            emptyPolls = polled == 0 ? emptyPolls + 1 : 0;
            if (emptyPolls > 30) {
                throw new IllegalStateException("Nothing came in 30 polls after " + count + " of " + atLeast + " records");
            }
            count += polled;
        }
        return count;
    }
}
