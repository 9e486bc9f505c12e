package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.sim.EventQueue.Event;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection. What is sent arrives in order, in slices of any size, each after a while; no more than a window is under way or unread. While
 * the path is held nothing arrives; once it is healed everything does, as TCP would send it again.
 */
final class Pipe {

    private static final byte[] NOTHING = new byte[0];

    private final Scheduler scheduler;
    private final Path path;
    private final Path.Direction direction;
    private final SplittableRandom random;
    private final int window;
    private final Receiver receiver;
    private final Runnable hasRoom;
    private final ArrayDeque<Packet> underWay = new ArrayDeque<>();
    private final ArrayDeque<byte[]> backlog = new ArrayDeque<>();
    private int outstanding;
    private long lastArrivalNanos;
    private boolean finishing;
    private boolean over;
    private @Nullable Event next;

    private enum Kind {
        OPEN,
        DATA,
        END,
        RESET
    }

    private record Packet(Kind kind, byte[] bytes, long arrivalNanos) {}

    /** The other end. */
    interface Receiver {

        /** Somebody connects, or the connection was accepted. */
        void open();

        /** Bytes have arrived. */
        void data(byte[] bytes);

        /** There will be no more. */
        void end();

        /** The connection is broken. */
        void reset();
    }

    /**
     * An empty one.
     *
     * @param window how many bytes may be under way or unread
     * @param hasRoom told when there is room again
     */
    Pipe(Scheduler scheduler, Path path, Path.Direction direction, SplittableRandom random, int window, Receiver receiver, Runnable hasRoom) {
        this.scheduler = scheduler;
        this.path = path;
        this.direction = direction;
        this.random = random;
        this.window = window;
        this.receiver = receiver;
        this.hasRoom = hasRoom;
    }

    /** How many bytes it takes now without keeping them back. */
    int room() {
        return over || finishing || !backlog.isEmpty() ? 0 : Math.max(0, window - outstanding);
    }

    void open() {
        add(Kind.OPEN, NOTHING);
    }

    /** Sends; what does not fit into the window waits here. */
    void send(byte[] bytes) {
        if (over || finishing || bytes.length == 0) {
            return;
        }
        backlog.add(bytes);
        pump();
    }

    private void pump() {
        while (!backlog.isEmpty() && outstanding < window) {
            byte[] first = backlog.remove();
            int fits = Math.min(first.length, window - outstanding);
            if (fits < first.length) {
                backlog.addFirst(Arrays.copyOfRange(first, fits, first.length));
            }
            outstanding += fits;
            slice(fits == first.length ? first : Arrays.copyOf(first, fits));
        }
        if (finishing && !over && backlog.isEmpty()) {
            over = true;
            add(Kind.END, NOTHING);
        }
    }

    /** Mostly whole, sometimes in a few pieces, of which some may be tiny. */
    private void slice(byte[] bytes) {
        int from = 0;
        int cuts = random.nextInt(10) < 7 ? 0 : random.nextInt(5);
        for (int i = 0; i < cuts && from < bytes.length - 1; i++) {
            int left = bytes.length - from;
            int size = 1 + random.nextInt(random.nextBoolean() ? Math.min(left, 8) : left);
            add(Kind.DATA, Arrays.copyOfRange(bytes, from, from + size));
            from += size;
        }
        if (from < bytes.length) {
            add(Kind.DATA, from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
        }
    }

    /** Sends nothing more; the receiver is told behind what is under way. */
    void finish() {
        finishing = true;
        pump();
    }

    /** Breaks: of what is under way some still arrives, maybe in the middle of something, and then the receiver is told. */
    void reset(double share) {
        if (over && underWay.isEmpty()) {
            return;
        }
        backlog.clear();
        int kept = (int) (underWay.size() * share);
        while (underWay.size() > kept) {
            underWay.removeLast();
        }
        over = true;
        lastArrivalNanos = scheduler.nowNanos();
        if (next != null) {
            next.cancel();
            next = null;
        }
        add(Kind.RESET, NOTHING);
        arm();
    }

    /** Loses what is under way; nothing arrives any more and nobody is told. */
    void vanish() {
        over = true;
        backlog.clear();
        underWay.clear();
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    /** The receiver has read. */
    void consumed(int bytes) {
        boolean wasFull = outstanding >= window;
        outstanding -= bytes;
        pump();
        if (wasFull && room() > 0) {
            hasRoom.run();
        }
    }

    private void add(Kind kind, byte[] bytes) {
        lastArrivalNanos = Math.max(lastArrivalNanos, scheduler.nowNanos() + path.latencyNanos());
        underWay.add(new Packet(kind, bytes, lastArrivalNanos));
        arm();
    }

    private void arm() {
        Packet first = underWay.peek();
        if (first != null && next == null && !path.isHeld(direction)) {
            next = scheduler.at(first.arrivalNanos, this::arrive);
        }
    }

    /** The path was healed: what was held goes on. */
    void release() {
        if (next == null) {
            arm();
        }
    }

    private void arrive() {
        next = null;
        if (path.isHeld(direction)) {
            return;
        }
        Packet packet = underWay.poll();
        if (packet == null) {
            return;
        }
        switch (packet.kind) {
            case OPEN -> receiver.open();
            case DATA -> receiver.data(packet.bytes);
            case END -> receiver.end();
            case RESET -> receiver.reset();
        }
        arm();
    }
}
