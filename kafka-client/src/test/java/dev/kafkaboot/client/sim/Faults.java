package dev.kafkaboot.client.sim;

import dev.kafkaboot.test.fake.FakeBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Lets things go wrong, by chance: every few seconds none, one or two of the faults that a scenario allows, each for a while. One broker at most is down at a
 * time, so that what was acknowledged is not lost by the cluster's own doing.
 */
public final class Faults {

    /** What may go wrong. */
    public enum Fault {
        /** The connections between a process and a broker break. */
        CUT,
        /** A broker is shut down in order, and comes back. */
        STOP_BROKER,
        /** A broker dies, and comes back. */
        KILL_BROKER,
        /** Another broker leads a partition, or coordinates. */
        MOVE_LEADER,
        /** Nothing gets through between a process and a broker, in one direction or both. */
        PART,
        /** Everything takes many times as long. */
        SLOW,
        /** A broker does not answer attempts to connect. */
        MUTE,
        /** A process stands still. */
        PAUSE,
        /** A process dies, and is started again. */
        CRASH,
        /** A process's time of day jumps. */
        CLOCK
    }

    /** Every fault that leaves the processes alive. */
    public static final Set<Fault> WITHOUT_CRASHES = EnumSet.complementOf(EnumSet.of(Fault.CRASH));

    private static final int COORDINATED_PARTITIONS = 50;

    private final SimulatedNetwork network;
    private final Simulation simulation;
    private final SplittableRandom random;
    private final List<Fault> allowed;
    private final long longestCalmMillis;
    private final Set<Integer> down = new LinkedHashSet<>();
    private final List<Movable> movables = new ArrayList<>();
    private boolean over;

    /** Partitions of a topic that may get other leaders, as often as any other such. */
    private record Movable(String topic, int first, int count) {}

    /** Lets nothing go wrong yet; see {@link #start}. */
    public Faults(SimulatedNetwork network, Set<Fault> allowed) {
        this.network = network;
        this.simulation = network.simulation();
        this.random = simulation.newRandom();
        this.allowed = List.copyOf(EnumSet.copyOf(allowed));
        this.longestCalmMillis = random.nextLong(1_000, 8_000);
    }

    /** Whose leaders move. */
    public Faults topic(String name, int partitions) {
        movables.add(new Movable(name, 0, partitions));
        return this;
    }

    /** Whose coordinator moves, as often as the leaders of a whole topic; the internal topic of its kind has 50 partitions. */
    public Faults coordinator(String internalTopic, String key) {
        movables.add(new Movable(internalTopic, Math.abs(key.hashCode() % COORDINATED_PARTITIONS), 1));
        return this;
    }

    /** Begins. */
    public Faults start() {
        simulation.later(Duration.ofMillis(random.nextLong(4_000)), this::round);
        return this;
    }

    private void round() {
        if (over) {
            return;
        }
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            happen(allowed.get(random.nextInt(allowed.size())));
        }
        simulation.later(millis(500, longestCalmMillis), this::round);
    }

    /** Repairs everything, and lets nothing go wrong any more. */
    public void heal() {
        over = true;
        network.healAll();
        List.copyOf(down).forEach(this::start);
        simulation.processes().forEach(SimulatedProcess::restart);
    }

    private void happen(Fault fault) {
        SimulatedProcess process = anyProcess();
        int broker = anyBroker();
        switch (fault) {
            case CUT -> {
                if (random.nextBoolean()) {
                    network.cut(process, broker);
                } else {
                    network.cut(process);
                }
            }
            case STOP_BROKER -> stop(broker, /* inOrder= */ true);
            case KILL_BROKER -> stop(broker, /* inOrder= */ false);
            case MOVE_LEADER -> moveLeader();
            case PART -> {
                int ways = random.nextInt(3);
                network.blackHole(process, broker, ways != 1, ways != 2);
                healLater(process, broker);
            }
            case SLOW -> {
                network.slow(process, broker, 10 + random.nextInt(500));
                healLater(process, broker);
            }
            case MUTE -> {
                network.mute(process, broker);
                network.cut(process, broker);
                healLater(process, broker);
            }
            case PAUSE -> process.pause(millis(10, random.nextInt(10) == 0 ? 60_000 : 3_000));
            case CRASH -> {
                process.crash();
                simulation.later(millis(10, 10_000), () -> {
                    if (!over) {
                        process.restart();
                    }
                });
            }
            case CLOCK -> process.jumpClock(Duration.ofMillis(random.nextLong(-600_000, 600_000)));
        }
    }

    private SimulatedProcess anyProcess() {
        List<SimulatedProcess> all = simulation.processes();
        return all.get(random.nextInt(all.size()));
    }

    private int anyBroker() {
        List<FakeBroker> all = network.ask(cluster -> cluster.brokers());
        return all.get(random.nextInt(all.size())).id();
    }

    private Duration millis(long from, long to) {
        return Duration.ofMillis(random.nextLong(from, to));
    }

    private void healLater(SimulatedProcess process, int broker) {
        simulation.later(millis(100, random.nextInt(4) == 0 ? 60_000 : 5_000), () -> {
            if (!over) {
                network.heal(process, broker);
            }
        });
    }

    private void stop(int id, boolean inOrder) {
        if (!down.isEmpty() || network.ask(cluster -> cluster.brokers().size()) == 1 && !inOrder) {
            return;
        }
        down.add(id);
        simulation.log("cluster", "broker " + id + (inOrder ? " stops" : " is killed"));
        if (!inOrder) {
            network.cut(id);
        }
        network.tell(cluster -> {
            if (inOrder) {
                cluster.broker(id).stop();
            } else {
                cluster.broker(id).kill();
            }
        });
        simulation.later(millis(500, 20_000), () -> start(id));
    }

    private void start(int id) {
        if (down.remove(id)) {
            simulation.log("cluster", "broker " + id + " starts");
            network.tell(cluster -> cluster.broker(id).start());
        }
    }

    private void moveLeader() {
        if (movables.isEmpty()) {
            return;
        }
        Movable movable = movables.get(random.nextInt(movables.size()));
        String topic = movable.topic();
        int partition = movable.first() + random.nextInt(movable.count());
        List<Integer> running = network.ask(cluster -> cluster.brokers().stream().filter(FakeBroker::isRunning).map(FakeBroker::id).toList());
        int to = running.get(random.nextInt(running.size()));
        simulation.log("cluster", topic + "-" + partition + " is led by broker " + to);
        network.tell(cluster -> {
            try {
                cluster.moveLeader(topic, partition, to);
            } catch (IllegalArgumentException absent) {
                simulation.log("cluster", "there is no such partition yet");
            }
        });
    }
}
