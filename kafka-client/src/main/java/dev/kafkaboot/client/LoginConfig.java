package dev.kafkaboot.client;

import java.time.Duration;
import java.util.List;

/** The configuration keys of credentials that are fetched from elsewhere and renewed: those of OAUTHBEARER and AWS_MSK_IAM. */
public final class LoginConfig {

    /** When credentials are renewed, as a share of their lifetime. */
    public static final ConfigKey<Double> REFRESH_WINDOW_FACTOR = share(
            "sasl.login.refresh.window.factor", 0.8, 0.5, 1,
            "Share of a token's lifetime after which it is renewed, by the next connection that authenticates.");

    /** How far that is moved by chance. */
    public static final ConfigKey<Double> REFRESH_WINDOW_JITTER = share(
            "sasl.login.refresh.window.jitter", 0.05, 0, 0.25,
            "Most that is added to sasl.login.refresh.window.factor by chance, so that many clients do not renew at once.");

    /** How long credentials are kept at least. */
    public static final ConfigKey<Integer> REFRESH_MIN_PERIOD = ConfigKey.integer(
            "sasl.login.refresh.min.period.seconds", 60, 0, 900,
            "Seconds for which a token is kept at least before it is renewed. Does not count, nor does sasl.login.refresh.buffer.seconds, for a token that lives "
                    + "shorter than both together.");

    /** How long ahead of their expiry credentials are renewed at least. */
    public static final ConfigKey<Integer> REFRESH_BUFFER = ConfigKey.integer(
            "sasl.login.refresh.buffer.seconds", 300, 0, 3600, "Seconds ahead of its expiry by which a token is renewed at the latest.");

    /** Limit for reaching who gives credentials. */
    public static final ConfigKey<Duration> CONNECT_TIMEOUT = ConfigKey.millis(
            "sasl.login.connect.timeout.ms", Duration.ofSeconds(5), Duration.ofMillis(1), "Limit for connecting to who gives tokens or credentials.");

    /** Limit for the answer of who gives credentials. */
    public static final ConfigKey<Duration> READ_TIMEOUT = ConfigKey.millis(
            "sasl.login.read.timeout.ms", Duration.ofSeconds(5), Duration.ofMillis(1),
            "Limit for the whole answer of who gives tokens or credentials, beyond that of the connection.");

    /** First wait after a failure. */
    public static final ConfigKey<Duration> RETRY_BACKOFF = ConfigKey.millis(
            "sasl.login.retry.backoff.ms", Duration.ofMillis(100), Duration.ZERO,
            "Wait before a token that could not be fetched is asked for again; it doubles with each failure, up to sasl.login.retry.backoff.max.ms.");

    /** Longest wait after a failure. */
    public static final ConfigKey<Duration> RETRY_BACKOFF_MAX = ConfigKey.millis(
            "sasl.login.retry.backoff.max.ms", Duration.ofSeconds(10), Duration.ZERO,
            "Longest wait before a token that could not be fetched is asked for again.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = List.of(REFRESH_WINDOW_FACTOR, REFRESH_WINDOW_JITTER, REFRESH_MIN_PERIOD, REFRESH_BUFFER, CONNECT_TIMEOUT,
            READ_TIMEOUT, RETRY_BACKOFF, RETRY_BACKOFF_MAX);

    private LoginConfig() {}

    /** A number within bounds, both included. */
    static ConfigKey<Double> share(String name, double defaultValue, double min, double max, String description) {
        return ConfigKey.custom(name, "number", defaultValue, "it must be a number from " + min + " to " + max, value -> {
            double number = Double.parseDouble(value.toString());
            return number >= min && number <= max ? (Double) number : null;
        }, description);
    }
}
