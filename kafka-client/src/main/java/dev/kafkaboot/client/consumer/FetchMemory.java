package dev.kafkaboot.client.consumer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for answers ({@code buffer.memory}, KIP-81): what requests that are under way may bring, and the frames that wait to be handed out. Any thread.
 *
 * <p>A request reserves what it asks for. A broker answers with one batch at least, however large it is, so the limit may be exceeded by one batch a request.
 */
final class FetchMemory {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    FetchMemory(long limit) {
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    /** Bytes that are in use or reserved. */
    long used() {
        return used.get();
    }

    /**
     * Reserves memory.
     *
     * @param wanted how much would be good
     * @param least with less than that there is no sense in asking
     * @return how much it is; 0 if there is less than the least
     */
    long reserve(long wanted, long least) {
        while (true) {
            long before = used.get();
            long granted = Math.min(wanted, limit - before);
            if (granted < Math.min(wanted, least)) {
                return 0;
            }
            if (used.compareAndSet(before, before + granted)) {
                return granted;
            }
        }
    }

    /** Takes what is there already. */
    void take(long bytes) {
        used.addAndGet(bytes);
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }
}
