package dev.kafkaboot.test.fake;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Answers to requests that waited, sent when what happened to their group is over.
 *
 * <p>An answered connection reads its next request at once. If that came while the group is in the midst of a change, the request would meet a group that is
 * half of the one generation and half of the other.
 */
final class Answers {

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int depth;

    /** Lets something happen, and sends the answers when it, and whatever it is a part of, is over. */
    void after(Runnable event) {
        depth++;
        try {
            event.run();
        } finally {
            depth--;
        }
        for (Runnable next = poll(); next != null; next = poll()) {
            next.run();
        }
    }

    /** Keeps an answer. */
    void add(Runnable answer) {
        if (depth == 0) {
            throw new IllegalStateException("An answer outside of any event would stay here");
        }
        waiting.add(answer);
    }

    private @Nullable Runnable poll() {
        return depth == 0 ? waiting.poll() : null;
    }
}
