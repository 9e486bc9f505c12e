package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.client.admin.TopicListing;
import dev.kafkaboot.client.admin.TopicsException;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.sim.TopicCall.Kind;
import dev.kafkaboot.client.sim.TopicCall.Outcome;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An application that makes, deletes and looks at topics, some at a time, until it is told to stop. It notes what it asked and what it was told. */
final class AdminApplication implements SimulatedProcess.Main {

    /** How much later than its limit a call may end: its end is handed over to a thread. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final List<TopicCall> calls;
    private final List<String> topics;
    private boolean stopped;

    /**
     * Does nothing yet.
     *
     * @param calls where to note them
     * @param topics their names
     */
    AdminApplication(List<TopicCall> calls, List<String> topics) {
        this.calls = calls;
        this.topics = topics;
    }

    /** Lets it ask no more. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run(SimulatedProcess process) {
        SplittableRandom random = process.simulation().newRandom();
        try (KafkaAdminClient admin = KafkaAdminClient.builder().connections(process.connections()).build()) {
            while (!stopped) {
                List<CompletableFuture<?>> underWay = new ArrayList<>();
                int count = 1 + random.nextInt(3);
                for (int i = 0; i < count; i++) {
                    underWay.add(call(process, admin, random, Duration.ofMillis(random.nextLong(100, random.nextBoolean() ? 5_000 : 60_000))));
                }
                for (CompletableFuture<?> call : underWay) {
                    if (!process.loop().await(call, Duration.ofMinutes(4))) {
                        throw new AssertionError("A call has no outcome");
                    }
                }
                process.simulation().sleep(Duration.ofMillis(random.nextLong(2_000)));
            }
        }
    }

    private CompletableFuture<?> call(SimulatedProcess process, KafkaAdminClient admin, SplittableRandom random, Duration limit) {
        List<String> names = some(random);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                List<TopicCall> noted = note(process, Kind.CREATE, names);
                List<NewTopic> made = noted.stream().map(call -> NewTopic.of(call.topic()).partitions(1 + random.nextInt(3))
                        .config(TopicLives.MARK, String.valueOf(call.number()))).toList();
                yield watch(process, limit, noted, admin.topics().within(limit).create(made), done -> ids(done, topic -> topic.id()));
            }
            case 3, 4 -> watch(process, limit, note(process, Kind.DELETE, names), admin.topics().within(limit).delete(names), done -> Map.of());
            case 5 -> watch(process, limit, note(process, Kind.LOOK, names), admin.topics().within(limit).describe(names), done -> ids(done, topic -> topic.id()));
            case 6 -> watch(process, limit, note(process, Kind.LOOK, topics), admin.topics().within(limit).list(), AdminApplication::listed);
            default -> watch(process, limit, List.of(), admin.cluster().within(limit).describe(), done -> {
                if (done.nodes().isEmpty()) {
                    throw new AssertionError("A cluster of no broker has answered");
                }
                return Map.of();
            });
        };
    }

    private List<String> some(SplittableRandom random) {
        List<String> left = new ArrayList<>(topics);
        List<String> chosen = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? 3 : 1;
        for (int i = 0; i < count; i++) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
        return chosen;
    }

    private List<TopicCall> note(SimulatedProcess process, Kind kind, Collection<String> names) {
        List<TopicCall> noted = new ArrayList<>();
        for (String name : names) {
            noted.add(new TopicCall(calls.size() + 1, process.name(), kind, name, process.simulation().nowNanos()));
            calls.add(noted.get(noted.size() - 1));
        }
        return noted;
    }

    private static <T> CompletableFuture<?> watch(
            SimulatedProcess process, Duration limit, List<TopicCall> noted, CompletableFuture<T> outcome, Function<T, Map<String, Uuid>> ids) {
        Simulation simulation = process.simulation();
        int incarnation = process.incarnation();
        long latestNanos = simulation.nowNanos() + limit.toNanos();
        return outcome.handle((done, failure) -> {
            long now = simulation.nowNanos();
            if (process.incarnation() != incarnation) {
                throw new AssertionError("A call has an outcome in a process that is another by now");
            }
            if (now > Math.max(latestNanos, process.pausedUntilNanos()) + GRACE.toNanos()) {
                simulation.fail(new AssertionError("A call of " + process + " was to end within " + limit + ", and ended late, at " + simulation.scheduler().time()));
            }
            Map<String, Uuid> told = done == null || failure != null ? Map.of() : ids.apply(done);
            boolean isList = noted.size() > 3;
            noted.forEach(call -> {
                Outcome what = failure != null ? outcome(call, Failures.cause(failure)) : isList && !told.containsKey(call.topic()) ? Outcome.NO : Outcome.YES;
                call.ended(now, what, told.getOrDefault(call.topic(), Uuid.ZERO));
            });
            return now;
        });
    }

    private static Outcome outcome(TopicCall call, Throwable failure) {
        if (failure instanceof TopicsException partly) {
            KafkaException own = partly.failures().get(call.topic());
            return own == null ? knownOnlyToBeDone(call) : outcome(call, own.errorCode(), own);
        }
        return outcome(call, null, failure);
    }

    /** A description of topics of which some are not there is lost as a whole. */
    private static Outcome knownOnlyToBeDone(TopicCall call) {
        return call.kind() == Kind.LOOK ? Outcome.UNKNOWN : Outcome.YES;
    }

    private static Outcome outcome(TopicCall call, @Nullable ErrorCode code, Throwable failure) {
        if (code == (call.kind() == Kind.CREATE ? ErrorCode.TOPIC_ALREADY_EXISTS : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)) {
            return Outcome.NO;
        }
        boolean isUnsureDeletion = call.kind() == Kind.DELETE && String.valueOf(failure.getMessage()).contains("is not known");
        if (failure instanceof TimeoutException || isUnsureDeletion) {
            return Outcome.UNKNOWN;
        }
        throw new AssertionError("Not to be told: " + call, failure);
    }

    private static <T> Map<String, Uuid> ids(Map<String, T> topics, Function<T, Uuid> id) {
        Map<String, Uuid> ids = new LinkedHashMap<>();
        topics.forEach((name, topic) -> ids.put(name, id.apply(topic)));
        return ids;
    }

    private static Map<String, Uuid> listed(List<TopicListing> listings) {
        Map<String, Uuid> ids = new LinkedHashMap<>();
        listings.forEach(topic -> ids.put(topic.name(), topic.id()));
        return ids;
    }
}
