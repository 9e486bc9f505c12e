package dev.kafkaboot.benchmarks.group;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Both clients in turn, in one JVM, against one broker: how long groups of 1, 10 and 100 members take from their subscription until every partition has an owner and
 * every member a partition, and for how long a partition that stays where it is was not read while another member joins. The broker waits for no further members
 * ({@code group.initial.rebalance.delay.ms=0}).
 */
public final class GroupBenchmark {

    private static final int PARTITIONS = 100;
    private static final int FEW_PARTITIONS = 6;
    private static final String TOPIC = "group-of-100";
    private static final String FEW = "group-of-6";
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    /** Time in which a group that has come together is watched before and after another member joins. */
    private static final long WATCHED_MILLIS = 3_000;

    private final RealKafka kafka;
    private final int rounds;
    private int groups;

    private GroupBenchmark(RealKafka kafka, int rounds) {
        this.kafka = kafka;
        this.rounds = rounds;
    }

    /** The only argument, if there is one, is how often each is measured behind a first time that is not counted (5). */
    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        try (RealKafka kafka = RealKafka.builder().property("group.initial.rebalance.delay.ms", "0").start()) {
            kafka.createTopic(TOPIC, PARTITIONS);
            kafka.createTopic(FEW, FEW_PARTITIONS);
            new GroupBenchmark(kafka, rounds).run();
        }
    }

    private void run() throws InterruptedException, ExecutionException {
        System.out.println("| what | this client, ms | kafka-clients, ms |\n|---|---|---|");
        for (String protocol : List.of("classic", "consumer")) {
            for (int members : new int[] {1, 10, 100}) {
                List<Long> ours = new ArrayList<>();
                List<Long> theirs = new ArrayList<>();
                for (int round = 0; round <= rounds; round++) {
                    long our = join(MemberClient.Kind.OURS, protocol, members);
                    long their = join(MemberClient.Kind.APACHE, protocol, members);
                    if (round > 0) {
                        ours.add(our);
                        theirs.add(their);
                    }
                }
                print("a group of " + members + " comes together, " + protocol, ours, theirs);
            }
        }
        for (String protocol : List.of("classic", "consumer")) {
            List<Long> ours = new ArrayList<>();
            List<Long> theirs = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                long our = longestGap(MemberClient.Kind.OURS, protocol);
                long their = longestGap(MemberClient.Kind.APACHE, protocol);
                if (round > 0) {
                    ours.add(our);
                    theirs.add(their);
                }
            }
            print("longest gap in a partition that stays, " + protocol, ours, theirs);
        }
    }

    private static void print(String what, List<Long> ours, List<Long> theirs) {
        System.out.println("| " + what + " | " + summary(ours) + " | " + summary(theirs) + " |");
    }

    private static String summary(List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        return sorted.get(sorted.size() / 2) + " (" + sorted.get(0) + " to " + sorted.get(sorted.size() - 1) + ")";
    }

    private long join(MemberClient.Kind kind, String protocol, int count) throws InterruptedException, ExecutionException {
        List<MemberClient> clients = new ArrayList<>();
        String group = "joined-" + groups++;
        for (int i = 0; i < count; i++) {
            clients.add(kind.member(kafka.bootstrapServers(), group, protocol));
        }
        List<RunningMember> members = new ArrayList<>();
        long start = System.nanoTime();
        clients.forEach(client -> members.add(new RunningMember(client, TOPIC, (partition, millis) -> { })));
        awaitTogether(members, PARTITIONS);
        long took = System.nanoTime() - start;
        end(members);
        return TimeUnit.NANOSECONDS.toMillis(took);
    }

    /** Waits until each partition has one owner and each member a partition. */
    private static void awaitTogether(List<RunningMember> members, int partitions) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!areTogether(members, partitions)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("The group of " + members.size() + " has not come together: " + members.stream().map(RunningMember::assigned).toList());
            }
            Thread.sleep(1);
        }
    }

    private static boolean areTogether(List<RunningMember> members, int partitions) {
        Set<Integer> owned = new HashSet<>();
        int count = 0;
        for (RunningMember member : members) {
            Set<Integer> assigned = member.assigned();
            if (assigned.isEmpty()) {
                return false;
            }
            owned.addAll(assigned);
            count += assigned.size();
        }
        return count == partitions && owned.size() == partitions;
    }

    private static void end(List<RunningMember> members) throws InterruptedException, ExecutionException {
        members.forEach(RunningMember::stop);
        for (RunningMember member : members) {
            member.end();
        }
    }

    /** Two members read what is written every 10 milliseconds to each partition; a third one joins; the longest time in which nothing came of a partition that stays. */
    private long longestGap(MemberClient.Kind kind, String protocol) throws InterruptedException, ExecutionException {
        String group = "gap-" + groups++;
        AtomicLongArray lastRead = new AtomicLongArray(FEW_PARTITIONS);
        AtomicLongArray gaps = new AtomicLongArray(FEW_PARTITIONS);
        MemberClient.Reader watch = (partition, written) -> {
            long now = System.nanoTime();
            long last = lastRead.getAndSet(partition, now);
            gaps.accumulateAndGet(partition, last == 0 ? 0 : now - last, Math::max);
        };
        List<RunningMember> members = new ArrayList<>();
        Writing writing = new Writing(kafka.bootstrapServers());
        try {
            for (int i = 0; i < 2; i++) {
                members.add(new RunningMember(kind.member(kafka.bootstrapServers(), group, protocol), FEW, watch));
            }
            awaitTogether(members, FEW_PARTITIONS);
            Thread.sleep(WATCHED_MILLIS);
            List<Set<Integer>> before = members.stream().map(RunningMember::assigned).toList();
            for (int i = 0; i < FEW_PARTITIONS; i++) {
                gaps.set(i, 0);
            }
            members.add(new RunningMember(kind.member(kafka.bootstrapServers(), group, protocol), FEW, watch));
            awaitTogether(members, FEW_PARTITIONS);
            Thread.sleep(WATCHED_MILLIS);
            long longest = 0;
            for (int i = 0; i < 2; i++) {
                Set<Integer> stayed = new HashSet<>(before.get(i));
                stayed.retainAll(members.get(i).assigned());
                for (int partition : stayed) {
                    longest = Math.max(longest, gaps.get(partition));
                }
            }
            return TimeUnit.NANOSECONDS.toMillis(longest);
        } finally {
            end(members);
            writing.end();
        }
    }

    /** Writes to each partition every ten milliseconds. */
    private static final class Writing {

        private final KafkaProducer<byte[], byte[]> producer;
        private final Thread thread;
        private volatile boolean stopping;

        Writing(String bootstrap) {
            producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes()).bootstrapServers(bootstrap).build();
            thread = new Thread(this::write, "writer");
            thread.start();
        }

        private void write() {
            while (!stopping) {
                for (int partition = 0; partition < FEW_PARTITIONS; partition++) {
                    producer.send(new ProducerRecord<>(FEW, partition, null, null, new byte[8], new Headers()));
                }
                producer.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }

        void end() throws InterruptedException {
            stopping = true;
            thread.join();
            producer.close();
        }
    }
}
