package dev.kafkaboot.test.proxy;

import org.jspecify.annotations.Nullable;

/**
 * What happens to one frame.
 *
 * @param kind what, in a word
 * @param delayNanos how much later it goes
 * @param bytes how many of its bytes go, where not all do
 * @param first what is done before it goes
 */
record FrameFault(Kind kind, long delayNanos, int bytes, @Nullable Runnable first) {

    static final FrameFault NONE = new FrameFault(Kind.FORWARD, 0, 0, null);

    enum Kind {
        FORWARD,
        DROP,
        DUPLICATE,
        RESET,
        STALL,
        HALF_CLOSE
    }
}
