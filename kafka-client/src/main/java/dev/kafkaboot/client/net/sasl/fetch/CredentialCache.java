package dev.kafkaboot.client.net.sasl.fetch;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.net.CallPace;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.security.SaslContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of one client, for all of its connections. On the loop only; fetches run off it.
 *
 * <p>They are fetched when a connection first needs them, and anew when one needs them after the refresh window was reached. That is ahead of expiry without a
 * timer: a session ends with its credentials, and connections authenticate anew when at most 95 % of it have passed (KIP-368). An idle client fetches nothing.
 *
 * <p>However many connections ask, one fetch is under way. Who has credentials that are good for a while yet never waits for it: they are handed out, and those that
 * are fetched behind are for whoever asks next. A fetch that fails then costs nothing but a warning. After a failure the next fetch waits for the back-off; who has
 * no credentials until then is told the last failure. Who waits does so for no longer than the connection may, so that the failure tells what was waited for.
 *
 * <p>A source may be anybody's code, and may never return. After a while its fetch counts as failed and another is begun: what the former brings after all is
 * dropped, as it may be older than what is known by then. The more are left behind, the later the next is begun, because each holds a thread ({@link CallPace}).
 *
 * @param <T> the credentials
 */
public final class CredentialCache<T> {

    private static final Logger log = LoggerFactory.getLogger(CredentialCache.class);

    /** Credentials are not handed out in the last twentieth of their life, or the last seconds if that is less. */
    private static final int MARGIN_PART = 20;

    private static final Duration MARGIN_MAX = Duration.ofSeconds(10);

    private final String what;
    private final CredentialSource<? extends T> source;
    private final Function<T, @Nullable Long> expiryMillis;
    private final RefreshWindow window;
    private final Duration backoff;
    private final Duration backoffMax;
    private final CallPace pace = new CallPace();

    private @Nullable T current;
    private long usableUntilMillis = Long.MIN_VALUE;
    private long refreshAtMillis;
    private @Nullable CompletableFuture<T> pending;
    private long begunAtMillis;
    private int generation;
    private int failures;
    private long retryAtMillis = Long.MIN_VALUE;
    private @Nullable KafkaException lastFailure;

    /**
     * A cache without credentials yet.
     *
     * @param what what is cached, as messages call it
     * @param expiryMillis when given credentials expire, in milliseconds since 1970; null if they do not tell, and then they are not kept
     */
    public CredentialCache(String what, CredentialSource<? extends T> source, Function<T, @Nullable Long> expiryMillis, RefreshWindow window,
            Duration backoff, Duration backoffMax) {
        this.what = what;
        this.source = source;
        this.expiryMillis = expiryMillis;
        this.window = window;
        this.backoff = backoff;
        this.backoffMax = backoffMax;
    }

    /**
     * Credentials that are good for a while yet.
     *
     * @return completes on the loop; with an {@link AuthenticationException} if the credentials were refused, with a {@link CredentialsUnavailableException}
     *     if they could not be had now
     */
    public CompletableFuture<T> get(SaslContext context) {
        long now = context.currentTimeMillis();
        T known = usable(now);
        if (known != null && now < refreshAtMillis) {
            return CompletableFuture.completedFuture(known);
        }
        abandonWhatIsStuck(now);
        CompletableFuture<T> awaited = pending;
        if (awaited == null && pace.mayBegin(now) && isBackoffOver(now)) {
            awaited = fetch(context);
        }
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        if (awaited == null) {
            return CompletableFuture.failedFuture(lastFailure == null ? new CredentialsUnavailableException("There is no " + what) : lastFailure);
        }
        return context.await(awaited.copy(), this::late); // a copy, so that one that gives up does so alone
    }

    /** What is nearly at its end would be refused by a broker whose clock is a little ahead, or that it reaches a little later; and that is final. */
    private @Nullable T usable(long now) {
        return now < usableUntilMillis ? current : null;
    }

    private void abandonWhatIsStuck(long now) {
        CompletableFuture<T> stuck = pending;
        if (stuck != null && Math.abs(now - begunAtMillis) >= CallPace.PATIENCE.toMillis()) {
            pending = null;
            generation++;
            CredentialsUnavailableException late = new CredentialsUnavailableException(
                    "The " + what + " was not there within " + Times.text(CallPace.PATIENCE) + ", as " + source.from() + " has not answered");
            if (!pace.mayBegin(now)) {
                log.warn("{}. {} calls hang, so it is asked more rarely from now on", late.getMessage(), pace.running());
            }
            stuck.completeExceptionally(failed(late, now));
        }
    }

    /** A clock that was set back must not keep everybody waiting until it is where it was. */
    private boolean isBackoffOver(long now) {
        return now >= retryAtMillis || retryAtMillis - now > backoffMax.toMillis();
    }

    private CredentialsUnavailableException late(Duration waited) {
        KafkaException before = lastFailure;
        return new CredentialsUnavailableException("The " + what + " was not there within " + Times.text(waited) + ", as " + source.from()
                + " has not answered yet" + (before == null ? "" : "; the last attempt failed: " + before.getMessage()));
    }

    private CompletableFuture<T> fetch(SaslContext context) {
        Moment moment = Moment.of(context);
        int begun = ++generation;
        int call = pace.begin(moment.nowMillis());
        CompletableFuture<T> told = new CompletableFuture<>();
        pending = told;
        begunAtMillis = moment.nowMillis();
        context.<T>offload(() -> source.fetch(moment)).whenComplete((fetched, failure) -> {
            pace.ended(call);
            if (begun != generation) {
                return;
            }
            pending = null;
            long now = context.currentTimeMillis();
            Throwable wrong = failure == null ? expired(fetched, now) : unwrapped(failure);
            if (wrong == null) {
                keep(fetched, moment, now, chance(context));
                told.complete(fetched);
            } else {
                told.completeExceptionally(failed(wrong, now));
            }
        });
        return told; // which is not pending any more if the loop has ended
    }

    private @Nullable CredentialsUnavailableException expired(T fetched, long now) {
        Long expiry = expiryMillis.apply(fetched);
        return expiry == null || expiry > now
                ? null
                : new CredentialsUnavailableException("The " + what + " that was fetched has expired already, at " + Instant.ofEpochMilli(expiry));
    }

    private void keep(T fetched, Moment moment, long now, double chance) {
        failures = 0;
        retryAtMillis = Long.MIN_VALUE;
        lastFailure = null;
        current = fetched;
        Long expiry = expiryMillis.apply(fetched);
        usableUntilMillis = expiry == null ? Long.MIN_VALUE : expiry - Math.min(MARGIN_MAX.toMillis(), (expiry - now) / MARGIN_PART);
        refreshAtMillis = expiry == null ? Long.MIN_VALUE : window.refreshAtMillis(moment.nowMillis(), expiry, chance);
    }

    private KafkaException failed(Throwable failure, long now) {
        failures++;
        KafkaException told = failure instanceof KafkaException known
                ? known
                : new CredentialsUnavailableException("The " + what + " could not be fetched: " + failure, failure);
        lastFailure = told;
        retryAtMillis = now + Math.min(backoffMax.toMillis(), backoff.toMillis() << Math.min(failures - 1, 20));
        if (usable(now) != null) {
            log.warn("The {} could not be renewed and is used until it expires: {}", what, told.getMessage());
        }
        return told;
    }

    private static double chance(SaslContext context) {
        byte[] random = new byte[1];
        context.fillSecurely(random);
        return (random[0] & 0xff) / 255.0;
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
