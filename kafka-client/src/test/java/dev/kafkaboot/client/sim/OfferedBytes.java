package dev.kafkaboot.client.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a client offered to write and the network did not take yet. A request may be withdrawn as long as nothing of it was written; but one that is offered
 * again is to be the same, and one that was begun goes on: if bytes change meanwhile, their buffer was freed too early, and somebody else's records are about
 * to be written under this request's topic (CVE-2026-35554).
 *
 * <p>Requests are told apart as a broker does it: by their sizes, and by their correlation ids.
 */
final class OfferedBytes {

    private static final int CORRELATION_ID_AT = 8;
    private static final int HEADER = 12;

    private final Map<Integer, Part> left = new TreeMap<>();
    private List<Request> requests = List.of();
    private byte[] offered = {};
    private @Nullable Request begun;

    /** What was seen of a request, from where it was to go on. */
    private record Part(int bytes, long checksum) {}

    /** One in what is offered: where it is, how many bytes it has from there, be they offered or not, and whether bytes before these were written. */
    private record Request(int correlationId, int from, int size, boolean isBegun) {}

    /** Looks at what is offered; false if something that was offered before has changed. */
    boolean isAsBefore(ByteBuffer[] sources, int offset, int length) {
        flatten(sources, offset, length);
        split();
        return requests.stream().allMatch(this::isAsBefore);
    }

    private boolean isAsBefore(Request request) {
        Part known = left.get(request.correlationId);
        if (known == null) {
            return true;
        }
        return known.bytes > offered.length - request.from ? !request.isBegun : checksum(request.from, known.bytes) == known.checksum;
    }

    private void flatten(ByteBuffer[] sources, int offset, int length) {
        int count = 0;
        for (int i = offset; i < offset + length; i++) {
            count += sources[i].remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(count);
        for (int i = offset; i < offset + length; i++) {
            all.put(sources[i].slice());
        }
        offered = all.array();
    }

    private void split() {
        requests = new ArrayList<>();
        int from = 0;
        Request first = begun;
        if (first != null) {
            requests.add(first);
            from = first.size;
        }
        ByteBuffer bytes = ByteBuffer.wrap(offered);
        while (from < offered.length) {
            int available = offered.length - from;
            long size = available < HEADER ? available : 4L + bytes.getInt(from);
            boolean isRequest = available >= HEADER && size >= HEADER && size <= Integer.MAX_VALUE - from;
            requests.add(isRequest
                    ? new Request(bytes.getInt(from + CORRELATION_ID_AT), from, (int) size, false)
                    : new Request(-1, from, available, false));
            from += isRequest ? (int) size : available;
        }
    }

    /** So many of the bytes that were offered are written. */
    void written(int count) {
        left.clear();
        begun = null;
        for (Request request : requests) {
            int end = request.from + request.size;
            if (count >= end) {
                continue;
            }
            int from = Math.max(request.from, count);
            int seen = Math.min(end, offered.length) - from;
            left.put(request.correlationId, new Part(seen, checksum(from, seen)));
            if (count > request.from || request.isBegun) {
                begun = new Request(request.correlationId, 0, end - count, true);
            }
        }
        offered = new byte[0];
        requests = List.of();
    }

    private long checksum(int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(offered, from, count);
        return crc.getValue();
    }
}
