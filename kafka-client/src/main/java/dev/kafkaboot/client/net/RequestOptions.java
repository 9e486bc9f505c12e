package dev.kafkaboot.client.net;

import java.time.Duration;

/**
 * How a request is sent.
 *
 * @param connectionClass which of the broker's connections it takes
 * @param timeout limit from the dispatch to the answer, waiting for the connection included
 * @param highestVersion the highest version to negotiate, for requests that lack what later versions need (a topic id, for one)
 * @param takesUnstable whether a version counts that may still change, which brokers offer only if they are told to
 */
public record RequestOptions(ConnectionClass connectionClass, Duration timeout, int highestVersion, boolean takesUnstable) {

    /** Any version that both sides know. */
    public static RequestOptions of(ConnectionClass connectionClass, Duration timeout) {
        return new RequestOptions(connectionClass, timeout, Short.MAX_VALUE, /* takesUnstable= */ false);
    }

    /** The same when some of the time has passed. */
    public RequestOptions after(Duration passed) {
        Duration rest = timeout.minus(passed);
        return new RequestOptions(connectionClass, rest.isNegative() ? Duration.ZERO : rest, highestVersion, takesUnstable);
    }

    /** The same with a ceiling on the version. */
    public RequestOptions upToVersion(int version) {
        return new RequestOptions(connectionClass, timeout, version, takesUnstable);
    }

    /** The same for what may be sent in a version that may still change. */
    public RequestOptions takingUnstable() {
        return new RequestOptions(connectionClass, timeout, highestVersion, /* takesUnstable= */ true);
    }
}
