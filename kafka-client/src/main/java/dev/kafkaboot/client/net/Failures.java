package dev.kafkaboot.client.net;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What lies behind the wrappings that futures put around a failure. */
public final class Failures {

    private Failures() {}

    /** The failure itself. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
