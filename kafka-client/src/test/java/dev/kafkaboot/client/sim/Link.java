package dev.kafkaboot.client.sim;

import dev.kafkaboot.test.fake.FakeBroker;
import dev.kafkaboot.test.fake.FakeConnection;
import dev.kafkaboot.test.fake.Peer;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A connection between a process and a broker, from the attempt to open it until both ends have let go of it. */
final class Link implements Peer {

    private static final int[] WINDOWS = {2 * 1024, 16 * 1024, 1024 * 1024};

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final SimulatedTransport client;
    private final String host;
    private final int port;
    private final int number;
    private final Path path;
    private final SplittableRandom random;
    private final Pipe toBroker;
    private final Pipe toClient;
    private @Nullable FakeConnection connection;
    private boolean clientGone;

    Link(SimulatedNetwork network, SimulatedProcess process, SimulatedTransport client, String host, int port, int number, Path path,
            SplittableRandom random) {
        this.network = network;
        this.process = process;
        this.client = client;
        this.host = host;
        this.port = port;
        this.number = number;
        this.path = path;
        this.random = random;
        Scheduler scheduler = network.simulation().scheduler();
        int window = WINDOWS[random.nextInt(WINDOWS.length)];
        this.toBroker = new Pipe(scheduler, path, Path.Direction.TO_BROKER, random, window, new BrokerEnd(), client::mayHaveRoom);
        this.toClient = new Pipe(scheduler, path, Path.Direction.TO_CLIENT, random, window, new ClientEnd(), () -> {});
    }

    SimulatedProcess process() {
        return process;
    }

    Path path() {
        return path;
    }

    String host() {
        return host;
    }

    void connect() {
        note("connects");
        toBroker.open();
    }

    // ---- the client's side

    int room() {
        return toBroker.room();
    }

    void send(byte[] bytes) {
        note("sends " + bytes.length + " bytes");
        toBroker.send(bytes);
    }

    void consumed(int bytes) {
        toClient.consumed(bytes);
    }

    /** The client has closed its socket: what it sent still arrives. */
    void clientClosed() {
        clientGone = true;
        note("is closed by the client");
        toBroker.finish();
        toClient.vanish();
        network.mayForget(this);
    }

    /** The client's process has died: with its machine, so that nobody hears of it, or alone, and its system closes what it had open. */
    void clientCrashed() {
        clientGone = true;
        toClient.vanish();
        switch (random.nextInt(3)) {
            case 0 -> toBroker.finish();
            case 1 -> toBroker.reset(random.nextDouble());
            default -> toBroker.vanish();
        }
        network.mayForget(this);
    }

    // ---- the broker's side

    /** What arrives at the broker. */
    private final class BrokerEnd implements Pipe.Receiver {

        @Override
        public void open() {
            if (path.isMute()) {
                note("is not answered");
                return;
            }
            FakeBroker broker = network.broker(host, port);
            if (broker == null || !broker.isRunning()) {
                note("is refused");
                toClient.reset(0);
                return;
            }
            note("is accepted");
            toClient.open();
            connection = network.ask(cluster -> cluster.connect(broker.id(), Link.this));
        }

        @Override
        public void data(byte[] bytes) {
            toBroker.consumed(bytes.length);
            FakeConnection open = connection;
            if (open == null || !open.isOpen()) {
                if (!clientGone) {
                    toClient.reset(random.nextDouble());
                }
                return;
            }
            note("brings the broker " + bytes.length + " bytes");
            network.tell(cluster -> open.receive(ByteBuffer.wrap(bytes)));
        }

        @Override
        public void end() {
            FakeConnection open = connection;
            if (open != null && open.isOpen()) {
                note("has ended for the broker");
                network.tell(cluster -> open.closedByPeer());
            }
            network.mayForget(Link.this);
        }

        @Override
        public void reset() {
            end();
        }
    }

    @Override
    public void send(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        note("is given " + copy.length + " bytes by the broker");
        if (!clientGone) {
            toClient.send(copy);
        }
    }

    @Override
    public void close() {
        note("is closed by the broker");
        toClient.finish();
        network.mayForget(this);
    }

    /** What arrives at the client. */
    private final class ClientEnd implements Pipe.Receiver {

        @Override
        public void open() {
            client.opened();
        }

        @Override
        public void data(byte[] bytes) {
            note("brings the client " + bytes.length + " bytes");
            client.received(bytes);
        }

        @Override
        public void end() {
            note("has ended for the client");
            client.ended();
        }

        @Override
        public void reset() {
            if (client.isOpen()) {
                note("is broken for the client");
                client.broken(new java.io.IOException("Connection reset by peer"));
            } else {
                client.broken(new ConnectException("Connection refused"));
            }
        }
    }

    // ---- faults

    /** Breaks it: each way, what is under way arrives or does not, whole or in part. */
    void cut() {
        note("is cut");
        double toBrokerShare = share();
        double toClientShare = share();
        toBroker.reset(toBrokerShare);
        toClient.reset(toClientShare);
    }

    private double share() {
        return switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> 1;
            default -> random.nextDouble();
        };
    }

    /** The path was healed. */
    void release() {
        toBroker.release();
        toClient.release();
    }

    /** Whether neither end holds it any more. */
    boolean isGone() {
        FakeConnection open = connection;
        return clientGone && (open == null || !open.isOpen());
    }

    private void note(String what) {
        network.simulation().log(process.name(), this + " " + what);
    }

    @Override
    public String toString() {
        return "connection " + number + " to " + host;
    }
}
