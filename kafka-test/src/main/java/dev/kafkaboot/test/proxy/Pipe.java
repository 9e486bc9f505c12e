package dev.kafkaboot.test.proxy;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection. One thread reads frames and says when each is due; another writes them when they are. So a delay delays, and does not
 * slow down: what comes meanwhile is under way as well.
 */
final class Pipe {

    private static final int FRAMES_UNDER_WAY = 1_024;
    private static final int FRAME_BYTES_MAX = 128 * 1024 * 1024;
    private static final Parcel END = new Parcel(new byte[0], 0, FrameFault.NONE);

    private final ProxiedConnection connection;
    private final Direction direction;
    private final Socket source;
    private final Socket target;
    private final BlockingQueue<Parcel> parcels = new ArrayBlockingQueue<>(FRAMES_UNDER_WAY);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean stalled;
    private boolean halfClosed;
    private long lastDueNanos = Long.MIN_VALUE;

    /** Bytes that are due at a time, with what happens then. */
    private record Parcel(byte[] bytes, long dueNanos, FrameFault fault) {}

    Pipe(ProxiedConnection connection, Direction direction, Socket source, Socket target) {
        this.connection = connection;
        this.direction = direction;
        this.source = source;
        this.target = target;
    }

    void start() {
        ProxyThreads.start("proxy-read-" + direction + "-" + connection.broker(), () -> guard(this::readAll));
        ProxyThreads.start("proxy-write-" + direction + "-" + connection.broker(), () -> guard(this::writeAll));
    }

    void stop() {
        stopped.countDown();
    }

    boolean isStalled() {
        return stalled;
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void guard(Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException | RuntimeException broken) {
            connection.reset();
        }
    }

    // ---- reading

    private void readAll() throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(source.getInputStream());
        for (byte[] frame = read(in); frame != null; frame = read(in)) {
            take(frame);
        }
        put(END);
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int size = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (size < 0 || size > FRAME_BYTES_MAX) {
            throw new IOException("a frame of " + size + " bytes");
        }
        byte[] frame = in.readNBytes(size);
        if (frame.length < size) {
            throw new EOFException("the stream ended inside a frame");
        }
        return frame;
    }

    private void take(byte[] frame) throws IOException, InterruptedException {
        FrameInfo info = connection.identify(direction, frame);
        FrameFault fault = info == null ? FrameFault.NONE : connection.proxy().judge(info);
        Traffic.Shape shape = shape();
        if (shape.blackHole() || fault.kind() == FrameFault.Kind.DROP) {
            return;
        }
        byte[] body = connection.translate(info, frame);
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES + body.length).putInt(body.length).put(body).array();
        long due = System.nanoTime() + shape.delayNanos() + connection.proxy().drawNanos(shape.jitterNanos()) + fault.delayNanos();
        lastDueNanos = lastDueNanos == Long.MIN_VALUE ? due : Math.max(lastDueNanos, due);
        put(new Parcel(bytes, lastDueNanos, fault));
        if (fault.kind() == FrameFault.Kind.DUPLICATE) {
            put(new Parcel(bytes, lastDueNanos, FrameFault.NONE));
        }
    }

    private void put(Parcel parcel) throws InterruptedException {
        while (!parcels.offer(parcel, 50, TimeUnit.MILLISECONDS)) {
            if (stopped.getCount() == 0) {
                return;
            }
        }
    }

    // ---- writing

    private void writeAll() throws IOException, InterruptedException {
        OutputStream out = target.getOutputStream();
        while (stopped.getCount() > 0) {
            Parcel parcel = parcels.poll(50, TimeUnit.MILLISECONDS);
            if (parcel == null) {
                continue;
            }
            if (parcel == END) {
                halfClose();
                connection.pipeEnded();
                return;
            }
            if (halfClosed) {
                continue; // it goes nowhere
            }
            rest(parcel.dueNanos - System.nanoTime());
            if (!write(out, parcel)) {
                return;
            }
        }
    }

    /** Whether anything may follow. */
    private boolean write(OutputStream out, Parcel parcel) throws IOException, InterruptedException {
        FrameFault fault = parcel.fault;
        if (fault.first() != null) {
            fault.first().run();
        }
        switch (fault.kind()) {
            case RESET -> {
                write(out, parcel.bytes, Math.min(fault.bytes(), parcel.bytes.length));
                connection.reset();
                return false;
            }
            case STALL -> {
                stalled = true; // before anybody can see where it stalls, and heal it
                write(out, parcel.bytes, Math.min(fault.bytes(), parcel.bytes.length));
                stopped.await();
                return false;
            }
            case HALF_CLOSE -> {
                write(out, parcel.bytes, parcel.bytes.length);
                halfClose();
            }
            case FORWARD, DROP, DUPLICATE -> write(out, parcel.bytes, parcel.bytes.length);
        }
        return true;
    }

    private void write(OutputStream out, byte[] bytes, int length) throws IOException, InterruptedException {
        int at = 0;
        while (at < length) {
            Traffic.Shape shape = shape();
            int slice = shape.sliceBytes() > 0 ? Math.min(shape.sliceBytes(), length - at) : length - at;
            if (shape.bytesPerSecond() > 0) {
                slice = (int) Math.min(slice, Math.max(1, shape.bytesPerSecond() / 100)); // a hundred pieces a second
                rest(slice * 1_000_000_000L / shape.bytesPerSecond());
            }
            out.write(bytes, at, slice);
            at += slice;
        }
    }

    private void halfClose() throws IOException {
        if (!halfClosed) {
            halfClosed = true;
            target.shutdownOutput();
        }
    }

    private Traffic.Shape shape() {
        return connection.proxy().traffic(direction).shape();
    }

    private void rest(long nanos) throws InterruptedException {
        if (nanos > 0 && stopped.await(nanos, TimeUnit.NANOSECONDS)) {
            throw new InterruptedException("the connection was reset");
        }
    }
}
