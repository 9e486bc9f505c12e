package dev.kafkaboot.client.consumer;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Lets one thread at a time use a thing that any thread may close at any time. Closing waits for nothing, because what is done inside may be the user's code: if
 * a thread is inside, the thing is given up by that one when it leaves. It is given up once.
 */
final class ReaderGate {

    private enum State {
        /** Nobody is inside. */
        IDLE,
        INSIDE,
        /** Closed while a thread is inside. */
        CLOSING,
        CLOSED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    /** Goes in; false if it is closed, or somebody is inside. */
    boolean enter() {
        return state.compareAndSet(State.IDLE, State.INSIDE);
    }

    /** Goes out; true if it was closed meanwhile, and the caller has to give the thing up. */
    boolean leave() {
        if (state.compareAndSet(State.INSIDE, State.IDLE)) {
            return false;
        }
        state.set(State.CLOSED);
        return true;
    }

    /** Closes it; true if the caller has to give the thing up. A second call does nothing. */
    boolean close() {
        while (true) {
            if (state.compareAndSet(State.IDLE, State.CLOSED)) {
                return true;
            }
            if (state.compareAndSet(State.INSIDE, State.CLOSING)) {
                return false;
            }
            State now = state.get();
            if (now == State.CLOSING || now == State.CLOSED) {
                return false;
            }
            // Between the two attempts the thread inside has left, or another has come in.
        }
    }
}
