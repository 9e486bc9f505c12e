package dev.kafkaboot.test.broker;

import java.lang.reflect.InvocationTargetException;

/** An object of Apache's, called by the names of its methods. */
record Reflected(Object target) {

    /** Calls a public method without arguments, and throws what it throws where that is an exception of reflection or unchecked. */
    void call(String method) throws ReflectiveOperationException {
        try {
            target.getClass().getMethod(method).invoke(target);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() instanceof ReflectiveOperationException cause ? cause : failure;
        }
    }

    /** Calls a method when this JVM is told to terminate. */
    void callAtShutdown(String method) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                call(method);
            } catch (ReflectiveOperationException failure) {
                throw new IllegalStateException("the broker could not shut down", failure);
            }
        }, "broker-shutdown"));
    }
}
