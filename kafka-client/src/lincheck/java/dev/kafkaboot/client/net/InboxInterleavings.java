package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboxInterleavings {

    /** A selector's waking: what comes before the sleep ends it at once. */
    private static final class Selector {

        private boolean woken;

        synchronized void wakeUp() {
            woken = true;
            notifyAll();
        }

        synchronized void select() throws InterruptedException {
            while (!woken) {
                wait();
            }
            woken = false;
        }
    }

    private static void runTasks(Inbox inbox) {
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            task.run();
        }
    }

    /** A poster, and what became of its task. */
    private static final class Poster {

        private final AtomicInteger runs = new AtomicInteger();
        private boolean accepted;

        void postTo(Inbox inbox) {
            accepted = inbox.offer(runs::incrementAndGet);
        }

        boolean isRight() {
            return runs.get() == (accepted ? 1 : 0);
        }
    }

    @Test
    void taskIsRunOnceOrRefusedWhateverTheLoopsEndIsAt() {
        explore(() -> {
            Inbox inbox = new Inbox(() -> {});
            Poster one = new Poster();
            Poster other = new Poster();

            together(() -> one.postTo(inbox), () -> other.postTo(inbox), () -> {
                inbox.close();
                runTasks(inbox);
                inbox.end();
                runTasks(inbox);
            });

            check(one.isRight() && other.isRight(), "what was accepted is run, and what was refused is not");
        });
    }

    @Test
    void loopThatFallsAsleepIsWokenByATask() {
        explore(() -> {
            Selector selector = new Selector();
            Inbox inbox = new Inbox(selector::wakeUp);
            AtomicInteger ran = new AtomicInteger();

            together(() -> inbox.offer(ran::incrementAndGet), () -> inbox.offer(ran::incrementAndGet), () -> {
                while (ran.get() < 2) {
                    runTasks(inbox);
                    if (ran.get() < 2 && inbox.fallAsleep()) {
                        selector.select();
                    }
                    inbox.awake();
                }
            });

            check(ran.get() == 2, "both are run");
        });
    }

    @Test
    void loopThatFallsAsleepIsWokenByItsClosing() {
        explore(() -> {
            Selector selector = new Selector();
            Inbox inbox = new Inbox(selector::wakeUp);

            together(() -> {
                inbox.close();
                inbox.wake();
            }, () -> {
                while (inbox.isAccepting()) {
                    if (inbox.fallAsleep()) {
                        selector.select();
                    }
                    inbox.awake();
                }
            });

            check(!inbox.offer(() -> {}), "a closed inbox takes nothing");
        });
    }
}
