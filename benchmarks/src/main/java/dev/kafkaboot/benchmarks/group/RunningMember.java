package dev.kafkaboot.benchmarks.group;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A member with the thread that polls it. */
final class RunningMember {

    private static final Duration POLL = Duration.ofMillis(20);

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Set<Integer> assigned = Set.of();
    private volatile boolean stopping;

    RunningMember(MemberClient client, String topic, MemberClient.Reader reader) {
        Thread thread = new Thread(() -> {
            try (client) {
                client.subscribe(topic);
                while (!stopping) {
                    try {
                        client.poll(POLL, reader);
                    } catch (RuntimeException failure) {
                        System.err.println("A poll of " + client.getClass().getSimpleName() + " failed: " + failure); // and an application would poll again
                    }
                    assigned = Set.copyOf(client.assigned());
                }
            } catch (RuntimeException | Error failure) {
                ended.completeExceptionally(failure);
                return;
            }
            ended.complete(null);
        }, "member");
        thread.setDaemon(true);
        thread.start();
    }

    /** As of its last poll. */
    Set<Integer> assigned() {
        if (ended.isCompletedExceptionally()) {
            ended.join();
        }
        return assigned;
    }

    /** Tells it to leave; {@link #end()} waits for that. */
    void stop() {
        stopping = true;
    }

    /** Waits until it has left. */
    void end() throws InterruptedException, ExecutionException {
        stop();
        ended.get();
    }
}
