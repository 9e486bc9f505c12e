package dev.kafkaboot.client.net;

import java.time.Duration;

/**
 * How a request is sent.
 *
 * @param connectionClass which of the broker's connections it takes
 * @param timeout limit from the dispatch to the answer, waiting for the connection included
 * @param highestVersion the highest version to negotiate, for requests that lack what later versions need (a topic id, for one)
 */
public record RequestOptions(ConnectionClass connectionClass, Duration timeout, int highestVersion) {

    /** Any version that both sides know. */
    public static RequestOptions of(ConnectionClass connectionClass, Duration timeout) {
        return new RequestOptions(connectionClass, timeout, Short.MAX_VALUE);
    }

    /** The same when some of the time has passed. */
    public RequestOptions after(Duration passed) {
        Duration rest = timeout.minus(passed);
        return new RequestOptions(connectionClass, rest.isNegative() ? Duration.ZERO : rest, highestVersion);
    }

    /** The same with a ceiling on the version. */
    public RequestOptions upToVersion(int version) {
        return new RequestOptions(connectionClass, timeout, version);
    }
}
