package dev.kafkaboot.client.net;

import dev.kafkaboot.client.InterruptException;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A condition on real threads. */
final class NioCondition implements LoopCondition {

    private final NioEventLoop loop;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();

    NioCondition(NioEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public boolean await(BooleanSupplier until, Duration limit) {
        loop.refuseOnLoop();
        if (until.getAsBoolean()) {
            return true;
        }
        // 1. count up, 2. look, 3. sleep; the other side: 1. change, 2. fence, 3. read the count. So either the change is seen or the signal is sent,
        // and the signal waits for the lock, which is held from the look to the sleep. The end of the loop signals those that are registered: the lock is held
        // there too, so that a thread which leaves cannot take out one that has just come.
        waiting.incrementAndGet();
        lock.lock();
        try {
            loop.waiters().add(this);
            long left = Times.nanos(limit);
            while (!until.getAsBoolean()) {
                loop.refuseIfEnded();
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            throw new InterruptException("Interrupted while waiting", e);
        } finally {
            if (waiting.decrementAndGet() == 0) {
                loop.waiters().remove(this);
            }
            lock.unlock();
        }
    }

    @Override
    public void signalAll() {
        VarHandle.fullFence();
        if (waiting.get() == 0) {
            return;
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
