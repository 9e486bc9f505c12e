package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.interleaving.StillLoop;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class NioCallbacksInterleavings {

    /** Threads that run until they have nothing to do, as those of an executor. */
    private static final class Threads {

        private final ConcurrentLinkedQueue<Thread> started = new ConcurrentLinkedQueue<>();

        void start(Runnable work) {
            Thread thread = new Thread(work);
            started.add(thread);
            thread.start();
        }

        void join() throws InterruptedException {
            for (Thread next = started.poll(); next != null; next = started.poll()) {
                next.join();
            }
        }
    }

    @Test
    void callbacksRunOnceEachAndInTheOrderInWhichTheyWerePosted() {
        explore(() -> {
            Threads threads = new Threads();
            NioCallbacks callbacks = new NioCallbacks(new StillLoop(), threads::start);
            ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();

            together(() -> {
                callbacks.execute(() -> ran.add(1));
                callbacks.execute(() -> ran.add(2));
            }, () -> callbacks.execute(() -> ran.add(3)));
            threads.join();

            List<Integer> order = List.copyOf(ran);
            check(order.equals(List.of(1, 2, 3)) || order.equals(List.of(1, 3, 2)) || order.equals(List.of(3, 1, 2)), "all of it, in order: " + order);
        });
    }

    @Test
    void callbackThatComesWhileAThreadHasTheQueueGetsNoOther() {
        ConcurrentLinkedQueue<Runnable> started = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();
        NioCallbacks callbacks = new NioCallbacks(new StillLoop(), started::add);
        callbacks.execute(() -> {
            callbacks.execute(() -> ran.add(2));
            ran.add(1);
        });

        started.remove().run();

        check(started.isEmpty(), "one thread has the queue at a time");
        check(List.copyOf(ran).equals(List.of(1, 2)), "it runs all, in order: " + ran);
    }
}
