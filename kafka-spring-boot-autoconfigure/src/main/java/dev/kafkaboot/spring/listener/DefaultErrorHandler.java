package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.SerializationException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.convert.ConversionException;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Tries a failed record a few times again, then logs it and goes on. Thread-safe.
 *
 * <p>By default three times more, after 0.5 s, 1 s and 2 s. A record that cannot be read, or whose payload does not fit the listener, is not tried again,
 * because that would fail in the same way. A record that is given up is one line in the log at level ERROR, with its topic, partition, offset and all
 * causes. The stack trace comes with it if the listener's own code may have failed; of what cannot be read it would tell nothing, so it comes at level
 * DEBUG only: a topic may be full of such records.
 */
public class DefaultErrorHandler implements RecordErrorHandler {

    private static final Logger logger = LoggerFactory.getLogger(DefaultErrorHandler.class);

    /** As many causes are told; a chain can be a ring. */
    private static final int CAUSES = 10;

    private static final List<Class<? extends Throwable>> HOPELESS = List.of(
            SerializationException.class,
            MessageConversionException.class,
            ConversionException.class,
            MethodArgumentResolutionException.class,
            NoSuchMethodException.class,
            ClassCastException.class);

    /** What is wrong with the record, and not with anybody's code. */
    private static final List<Class<? extends Throwable>> UNREADABLE = List.of(
            SerializationException.class, MessageConversionException.class, ConversionException.class, MethodArgumentResolutionException.class);

    private final BackOff backOff;

    /** Three retries, after 0.5 s, 1 s and 2 s. */
    public DefaultErrorHandler() {
        this(defaultBackOff());
    }

    /**
     * Retries as told.
     *
     * @param backOff how many times and after how long; a {@link org.springframework.util.backoff.FixedBackOff} without an end retries for ever
     */
    public DefaultErrorHandler(BackOff backOff) {
        this.backOff = backOff;
    }

    private static BackOff defaultBackOff() {
        ExponentialBackOff backOff = new ExponentialBackOff(500, 2);
        backOff.setMaxAttempts(3);
        return backOff;
    }

    @Override
    public ErrorDecision handle(FailedRecord failed) {
        Throwable cause = causeOf(failed.cause());
        boolean hopeless = isHopeless(cause);
        long delayMillis = hopeless ? BackOffExecution.STOP : delayAfter(failed.attempt());
        if (delayMillis != BackOffExecution.STOP) {
            logger.warn("Listener '{}' failed on {} (attempt {}); next attempt in {} ms: {}",
                    failed.listenerId(), failed.position(), failed.attempt(), delayMillis, cause.toString());
            return ErrorDecision.retryAfter(Duration.ofMillis(delayMillis));
        }
        boolean showsStack = logger.isDebugEnabled() || UNREADABLE.stream().noneMatch(type -> type.isInstance(cause));
        logger.error("Listener '{}' gave up {} after {} {}{}: {}",
                failed.listenerId(), failed.position(), failed.attempt(), failed.attempt() == 1 ? "attempt" : "attempts",
                hopeless ? " (it would fail in the same way again)" : "", allCauses(cause), showsStack ? cause : null);
        return ErrorDecision.skip();
    }

    private static String allCauses(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        Throwable cause = failure.getCause();
        for (int i = 0; i < CAUSES && cause != null; i++) {
            String message = String.valueOf(cause.getMessage());
            if (text.indexOf(message) < 0) {
                text.append("; caused by ").append(cause);
            }
            cause = cause.getCause();
        }
        return text.toString();
    }

    private long delayAfter(int attempt) {
        BackOffExecution execution = backOff.start();
        long delay = BackOffExecution.STOP;
        for (int i = 0; i < attempt; i++) {
            delay = execution.nextBackOff();
            if (delay == BackOffExecution.STOP) {
                break;
            }
        }
        return delay;
    }

    private static boolean isHopeless(Throwable cause) {
        return HOPELESS.stream().anyMatch(type -> type.isInstance(cause));
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof InvocationTargetException
                        || cause instanceof UndeclaredThrowableException
                        || cause instanceof CompletionException
                        || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
