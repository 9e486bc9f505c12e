package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;

/** Tells a client in a response that it is throttled. */
final class Throttling {

    private Throttling() {}

    /** Does nothing to a response that cannot tell it. */
    static void set(ResponseMessage response, Duration pause) {
        try {
            response.getClass().getMethod("throttleTimeMs", int.class).invoke(response, Math.toIntExact(pause.toMillis()));
        } catch (NoSuchMethodException cannotTell) {
            // SaslHandshake and the like have no such field.
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
