package dev.kafkaboot.client.faults;

import dev.kafkaboot.test.proxy.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Groups one behind the other, each of which copies a topic to the next. Each has steady members, which come and go in order, and a frail one, which is cut off
 * with the frail ones of the others. Whoever waits for something has to {@linkplain #disturb} the connections meanwhile.
 */
final class GroupChain implements AutoCloseable {

    private static final Duration BETWEEN_RESETS = Duration.ofSeconds(1);

    private final List<String> topics;
    private final int partitions;
    private final Map<String, ?> config;
    private final FaultProxy ofTheSteady;
    private final FaultProxy ofTheFrail;
    private final Workers workers = new Workers();
    private final List<StageProgress> progress;
    private final List<ChainMember> all = new ArrayList<>();
    private final List<List<ChainMember>> steady;
    private long lastResetNanos = System.nanoTime();
    private long countAtLastReset;
    private int resets;

    GroupChain(String servers, List<String> topics, int partitions, Map<String, ?> config) {
        this.topics = topics;
        this.partitions = partitions;
        this.config = config;
        ofTheSteady = FaultProxy.start(servers, 1);
        ofTheFrail = FaultProxy.start(servers, 2);
        progress = Stream.generate(StageProgress::new).limit(groups()).toList();
        steady = IntStream.range(0, groups()).mapToObj(group -> (List<ChainMember>) new ArrayList<>(List.of(start(ofTheSteady, group)))).toList();
        IntStream.range(0, groups()).forEach(group -> start(ofTheFrail, group));
    }

    int groups() {
        return topics.size() - 1;
    }

    /** What the members of one group have read. */
    StageProgress progress(int group) {
        return progress.get(group);
    }

    /** What a client takes whose connections die with the others. */
    String bootstrapServers() {
        return ofTheSteady.bootstrapServers();
    }

    private ChainMember start(FaultProxy proxy, int group) {
        String name = topics.get(group) + "-" + (all.size() + 1);
        ChainMember member = new ChainMember(() -> new CommittingCopying(
                proxy.bootstrapServers(), topics.get(group), topics.get(group + 1), config, progress.get(group).reading(name)));
        all.add(member);
        workers.run(name, member);
        return member;
    }

    /** Adds a steady member to a group. */
    void join(int group) {
        steady.get(group).add(start(ofTheSteady, group));
    }

    /** Lets the steady member leave that has been in the group for longest. */
    void leave(int group) {
        steady.get(group).remove(0).end();
    }

    /** Lets nothing pass to or from the frail members; nobody is told. */
    void cutOff() {
        ofTheFrail.toBroker().blackHole(true);
        ofTheFrail.toClient().blackHole(true);
    }

    /** Whether the steady members have every partition of every group. */
    boolean haveTheSteadyTakenOver() {
        return steady.stream().allMatch(group -> group.stream().mapToInt(ChainMember::partitions).sum() == partitions);
    }

    /** Lets the frail members be heard again. */
    void reconnect() {
        ofTheFrail.heal();
        ofTheFrail.resetConnections();
    }

    /**
     * Resets every connection, if that is a second ago and members have been handed out something since: on a machine that is slower than that, they would
     * never get anywhere.
     */
    void disturb() {
        long count = progress.stream().mapToLong(StageProgress::count).sum();
        if (System.nanoTime() - lastResetNanos >= BETWEEN_RESETS.toNanos() && count > countAtLastReset) {
            lastResetNanos = System.nanoTime();
            countAtLastReset = count;
            resets++;
            ofTheSteady.resetConnections();
            ofTheFrail.resetConnections();
        }
    }

    /** How often every connection was reset. */
    int resets() {
        return resets;
    }

    /** Lets all members leave, and waits for it; answers what they failed with that no client may fail with. */
    List<Throwable> stop() throws InterruptedException {
        all.forEach(ChainMember::end);
        return workers.stop();
    }

    @Override
    public void close() {
        ofTheSteady.close();
        ofTheFrail.close();
    }
}
