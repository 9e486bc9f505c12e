package dev.kafkaboot.client.faults;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A member of a stage, on a thread of its own: copies until it is told to end or to crash. What fails ends its clients, and it goes on with others. */
final class ChainMember implements Runnable {

    private final Supplier<Copying> clients;
    private final Runnable cut;
    private volatile boolean isToEnd;
    private volatile boolean isToCrash;
    private volatile int partitions;
    private volatile @Nullable Thread thread;

    /** It is as good as gone: nobody hears of it any more. */
    private static final class Crashed extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    /**
     * Has not begun.
     *
     * @param clients makes what it copies with
     * @param cut cuts its connections for good
     */
    ChainMember(Supplier<Copying> clients, Runnable cut) {
        this.clients = clients;
        this.cut = cut;
    }

    /** One that cannot crash. */
    ChainMember(Supplier<Copying> clients) {
        this(clients, () -> {
            throw new IllegalStateException("It cannot crash");
        });
    }

    /** How many partitions the group has given to it. */
    int partitions() {
        return partitions;
    }

    /** Whether it has crashed, or was told to end and has. */
    boolean hasEnded() {
        Thread known = thread;
        return known != null && !known.isAlive();
    }

    /** Lets it leave in good order. */
    void end() {
        isToEnd = true;
    }

    /** Lets it be gone in the middle of its next transaction: all is written, and nothing committed. */
    void crash() {
        isToCrash = true;
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!isToEnd) {
            try (Copying copying = clients.get()) {
                while (!isToEnd) {
                    copying.copy(this::crashIfTold);
                    partitions = copying.partitions();
                }
            } catch (Crashed end) {
                return;
            } catch (dev.kafkaboot.client.KafkaException | org.apache.kafka.common.KafkaException failure) {
                partitions = 0; // others go on where the group's offsets say
            }
        }
    }

    private void crashIfTold() {
        if (isToCrash) {
            cut.run();
            throw new Crashed();
        }
    }
}
