package dev.kafkaboot.client.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The encoded requests of a connection that the socket has not taken yet, in order. Several are written at once. On the loop only.
 *
 * <p>A buffer is let go of when its last byte is with the socket, or when the connection is closed; a request's end is told after that, never before.
 */
final class Outbox {

    private static final int BUFFERS_PER_WRITE = 64;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final ByteBuffer[] gathered = new ByteBuffer[BUFFERS_PER_WRITE];
    private final Consumer<PendingRequest<?>> written;
    private long bytes;

    private static final class Entry {

        private final PendingRequest<?> request;
        private final ByteBuffer[] buffers;
        private final long size;
        private int next;

        Entry(PendingRequest<?> request, ByteBuffer[] buffers) {
            this.request = request;
            this.buffers = buffers;
            this.size = remaining();
        }

        private long remaining() {
            long remaining = 0;
            for (ByteBuffer buffer : buffers) {
                remaining += buffer.remaining();
            }
            return remaining;
        }
    }

    /** Makes an empty one; {@code written} hears of each request whose last byte is with the socket. */
    Outbox(Consumer<PendingRequest<?>> written) {
        this.written = written;
    }

    void add(PendingRequest<?> request, List<ByteBuffer> buffers) {
        Entry entry = new Entry(request, buffers.toArray(ByteBuffer[]::new));
        bytes += entry.size;
        entries.add(entry);
    }

    /** How many bytes wait. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Writes as much as the socket takes; answers whether nothing is left. */
    boolean writeTo(Transport transport) throws IOException {
        while (!entries.isEmpty()) {
            int count = gather();
            long offered = 0;
            for (int i = 0; i < count; i++) {
                offered += gathered[i].remaining();
            }
            long taken;
            try {
                taken = count == 0 ? 0 : transport.write(gathered, 0, count);
            } catch (IOException failure) {
                settle(); // a channel may fail after it has taken some of it
                throw failure;
            } catch (OutOfMemoryError none) { // the JDK takes direct memory for what is on the heap; the loop, and all that live on it, go on
                settle();
                throw new ConnectionProblem("could not be written to, for which there is no memory: " + none.getMessage(), none);
            } finally {
                Arrays.fill(gathered, 0, count, null);
            }
            bytes -= taken;
            settle();
            if (taken < offered) {
                return entries.isEmpty();
            }
        }
        return true;
    }

    private int gather() {
        int count = 0;
        for (Entry entry : entries) {
            for (int i = entry.next; i < entry.buffers.length && count < gathered.length; i++) {
                if (entry.buffers[i].hasRemaining()) {
                    gathered[count++] = entry.buffers[i];
                }
            }
            if (count == gathered.length) {
                break;
            }
        }
        return count;
    }

    /** Takes out what was written as a whole. */
    private void settle() {
        for (Entry first = entries.peek(); first != null; first = entries.peek()) {
            while (first.next < first.buffers.length && !first.buffers[first.next].hasRemaining()) {
                first.next++;
            }
            if (first.next < first.buffers.length) {
                return;
            }
            entries.poll();
            first.request.wasWritten();
            written.accept(first.request);
        }
    }

    /** Whether a part of a request is with the socket, and another is not: it must be finished or the connection closed. */
    boolean isHalfWritten(PendingRequest<?> request) {
        return entries.stream().anyMatch(entry -> entry.request == request && entry.remaining() < entry.size);
    }

    /** Takes back a request of which nothing is with the socket. */
    void withdraw(PendingRequest<?> request) {
        entries.removeIf(entry -> {
            boolean isIt = entry.request == request;
            bytes -= isIt ? entry.size : 0;
            return isIt;
        });
    }

    /** The requests that are not wholly written. */
    Stream<PendingRequest<?>> requests() {
        return entries.stream().map(entry -> entry.request);
    }

    /** Lets go of everything. The requests are the caller's to fail. */
    List<PendingRequest<?>> clear() {
        List<PendingRequest<?>> left = requests().toList();
        entries.clear();
        bytes = 0;
        return left;
    }
}
