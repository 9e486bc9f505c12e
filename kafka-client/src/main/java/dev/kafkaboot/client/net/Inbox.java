package dev.kafkaboot.client.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that any thread posts to a loop. A task is accepted, and then it is run once, or it is refused, and then never.
 *
 * <p><b>Waking.</b> Waking a loop is a system call, so a poster makes it only if the loop sleeps or is about to. The loop (1) says that it is
 * asleep, (2) looks into the inbox once more, (3) sleeps. A poster (1) puts its task in, (2) asks whether the loop is asleep, and if so takes the
 * flag down and wakes it. Whichever way the two interleave, the task is seen by the look or the wake-up is sent; and of many posters, one sends it.
 *
 * <p><b>Ending.</b> A poster (1) sees that the inbox accepts, (2) puts its task in, (3) looks whether the inbox has ended, and if so takes the task out
 * again. The loop (1) stops accepting, (2) empties the inbox, (3) says that it has ended, (4) empties the inbox again. A task that the poster can
 * still take out is refused; one that it cannot was run.
 */
final class Inbox {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Runnable wakeUp;
    private volatile boolean accepting = true;
    private volatile boolean ended;

    /**
     * An inbox without tasks.
     *
     * @param wakeUp wakes the loop, or keeps it from falling asleep the next time; called by any thread
     */
    Inbox(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Puts a task in, and wakes the loop if it sleeps; false if the task is refused. Any thread. */
    boolean offer(Runnable task) {
        if (!accepting) {
            return false;
        }
        tasks.add(task);
        if (ended && tasks.remove(task)) {
            return false;
        }
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            boolean isWoken = false;
            try {
                wakeUp.run();
                isWoken = true;
            } finally {
                if (!isWoken) { // the caller's stack has come to its end, perhaps: the next poster wakes the loop
                    asleep.set(true);
                }
            }
        }
        return true;
    }

    /** The task to run next, or null. The loop. */
    @Nullable Runnable poll() {
        return tasks.poll();
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** The loop is about to sleep; false if it must not, because there is something to do. To be followed by {@link #awake()} either way. */
    boolean fallAsleep() {
        asleep.set(true);
        return tasks.isEmpty() && accepting;
    }

    /** The loop does not sleep any more. */
    void awake() {
        asleep.set(false);
    }

    /** Whether tasks are accepted. */
    boolean isAccepting() {
        return accepting;
    }

    /** Accepts no more tasks, but for those of threads that have looked already. Any thread. */
    void close() {
        accepting = false;
    }

    /** Wakes the loop, whether it sleeps or not. */
    void wake() {
        asleep.set(false);
        wakeUp.run();
    }

    /** From now on a task that is in is taken out by its poster, unless the loop takes it before. The loop, after it has emptied the inbox. */
    void end() {
        ended = true;
    }

    /** Whether {@link #end()} was called. */
    boolean isEnded() {
        return ended;
    }
}
