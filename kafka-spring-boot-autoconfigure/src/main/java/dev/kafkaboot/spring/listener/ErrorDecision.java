package dev.kafkaboot.spring.listener;

import java.time.Duration;

/** What becomes of a record that failed. */
public sealed interface ErrorDecision {

    /** Hand it to the listener again. */
    static ErrorDecision retryAfter(Duration delay) {
        return new Retry(delay);
    }

    /** Count it as done and go on. Whoever decides this has logged it or put it elsewhere. */
    static ErrorDecision skip() {
        return new Skip();
    }

    /**
     * Hand it to the listener again.
     *
     * @param delay how long to wait before; zero is allowed
     */
    record Retry(Duration delay) implements ErrorDecision {

        public Retry {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("A delay cannot be negative: " + delay);
            }
        }
    }

    /** Count it as done and go on. */
    record Skip() implements ErrorDecision {}
}
