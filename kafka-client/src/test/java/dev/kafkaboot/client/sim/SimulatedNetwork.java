package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.net.Transport;
import dev.kafkaboot.client.sim.EventQueue.Event;
import dev.kafkaboot.test.fake.FakeBroker;
import dev.kafkaboot.test.fake.FakeKafka;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The network between processes and the brokers of a cluster: names, connections, and what may happen to them.
 *
 * <p>Connections are like TCP's: bytes arrive in order and in any slices, a window bounds what is under way, and an end is heard of only if it gets through.
 */
public final class SimulatedNetwork {

    private final Simulation simulation;
    private final FakeKafka cluster;
    private final SplittableRandom random;
    private final List<Link> links = new ArrayList<>();
    private final Map<String, Path> paths = new TreeMap<>();
    private final Map<String, InetAddress> addresses = new TreeMap<>();
    private final Map<InetAddress, String> hosts = new java.util.HashMap<>(); // looked up, never iterated
    private @Nullable Event due;
    private int made;

    SimulatedNetwork(Simulation simulation, FakeKafka cluster) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.random = simulation.newRandom();
    }

    Simulation simulation() {
        return simulation;
    }

    // ---- the cluster

    /** Does something with the cluster, at the present time. */
    public void tell(Consumer<FakeKafka> action) {
        ask(known -> {
            action.accept(known);
            return true;
        });
    }

    /** Asks the cluster something, at the present time. */
    public <T> T ask(Function<FakeKafka, T> question) {
        cluster.advanceTo(simulation.nowNanos());
        try {
            return question.apply(cluster);
        } finally {
            wakeWhenDue();
        }
    }

    private void wakeWhenDue() {
        OptionalLong next = cluster.nextDueNanos();
        if (next.isEmpty() || due != null && due.nanos() <= next.getAsLong()) {
            return;
        }
        if (due != null) {
            due.cancel();
        }
        due = simulation.scheduler().at(next.getAsLong(), () -> {
            due = null;
            tell(known -> {});
        });
    }

    /** The addresses of all brokers, as clients are configured with them. */
    public String bootstrapServers() {
        return cluster.brokers().stream().map(FakeBroker::address).collect(Collectors.joining(","));
    }

    @Nullable FakeBroker broker(String host, int port) {
        return cluster.brokers().stream().filter(each -> each.host().equals(host) && each.port() == port).findFirst().orElse(null);
    }

    // ---- for the loops

    CompletableFuture<List<InetAddress>> resolve(SimulatedEventLoop loop, String host) {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        boolean isKnown = cluster.brokers().stream().anyMatch(each -> each.host().equals(host));
        simulation.scheduler().at(simulation.nowNanos() + random.nextLong(2_000_000), () -> {
            if (!loop.isRunning()) {
                return;
            }
            loop.execute(() -> {
                if (isKnown) {
                    answer.complete(List.of(address(host)));
                } else {
                    answer.completeExceptionally(new UnknownHostException(host));
                }
            });
        });
        return answer;
    }

    private InetAddress address(String host) {
        return addresses.computeIfAbsent(host, name -> {
            try {
                InetAddress made = InetAddress.getByAddress(name, new byte[] {10, 0, 0, (byte) (addresses.size() + 1)});
                hosts.put(made, name);
                return made;
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    SimulatedTransport connect(SimulatedEventLoop loop, InetSocketAddress address, Transport.Handler handler) {
        String host = hosts.getOrDefault(address.getAddress(), address.getHostString());
        SimulatedTransport transport = new SimulatedTransport(loop, handler, random.split());
        Link link = new Link(this, loop.process(), transport, host, address.getPort(), ++made, path(loop.process(), host), random.split());
        transport.over(link);
        links.add(link);
        link.connect();
        return transport;
    }

    void mayForget(Link link) {
        if (link.isGone()) {
            links.remove(link);
        }
    }

    private Path path(SimulatedProcess process, String host) {
        return paths.computeIfAbsent(process.name() + ">" + host, key -> new Path(random.split()));
    }

    private Path path(SimulatedProcess process, int brokerId) {
        return path(process, cluster.broker(brokerId).host());
    }

    // ---- faults

    /** Breaks the connections of a process. */
    public void cut(SimulatedProcess process) {
        cut(link -> link.process() == process);
    }

    /** Breaks the connections between a process and a broker. */
    public void cut(SimulatedProcess process, int brokerId) {
        Path path = path(process, brokerId);
        cut(link -> link.path() == path);
    }

    /** Breaks the connections of a broker. */
    public void cut(int brokerId) {
        String host = cluster.broker(brokerId).host();
        cut(link -> link.host().equals(host));
    }

    private void cut(Predicate<Link> which) {
        List.copyOf(links).stream().filter(which).forEach(Link::cut);
    }

    /** Lets nothing through between a process and a broker, in one direction or both, until {@link #heal}. */
    public void blackHole(SimulatedProcess process, int brokerId, boolean toBroker, boolean toClient) {
        note(process, "and broker " + brokerId + " are parted" + (toBroker && toClient ? "" : toBroker ? ", one way" : ", the other way"));
        path(process, brokerId).hold(toBroker, toClient);
    }

    /** Lets attempts to connect go unanswered, until {@link #heal}. */
    public void mute(SimulatedProcess process, int brokerId) {
        note(process, "gets no answer from broker " + brokerId + " when it connects");
        path(process, brokerId).mute();
    }

    /** Makes everything between a process and a broker take many times as long, until {@link #heal}. */
    public void slow(SimulatedProcess process, int brokerId, double times) {
        note(process, "and broker " + brokerId + " are slow, " + (int) times + " times");
        path(process, brokerId).slow(times);
    }

    /** Heals the way between a process and a broker. */
    public void heal(SimulatedProcess process, int brokerId) {
        note(process, "and broker " + brokerId + " are healed");
        Path path = path(process, brokerId);
        path.heal();
        List.copyOf(links).stream().filter(link -> link.path() == path).forEach(Link::release);
    }

    /** Heals everything. */
    public void healAll() {
        simulation.log("network", "everything is healed");
        paths.values().forEach(Path::heal);
        List.copyOf(links).forEach(Link::release);
    }

    private void note(SimulatedProcess process, String what) {
        simulation.log(process.name(), what);
    }
}
