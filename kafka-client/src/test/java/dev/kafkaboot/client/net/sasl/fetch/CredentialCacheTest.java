package dev.kafkaboot.client.net.sasl.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.KafkaException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CredentialCacheTest {

    private static final long LIFETIME_MILLIS = 10_000;

    private record Ticket(String name, long expiryMillis) {}

    private final SteppedContext context = SteppedContext.plain();
    private final Deque<Object> outcomes = new ArrayDeque<>();
    private int fetches;

    private final CredentialCache<Ticket> cache = new CredentialCache<>("ticket", this::next, Ticket::expiryMillis,
            new RefreshWindow(0.8, 0.05, Duration.ZERO, Duration.ZERO), Duration.ofMillis(100), Duration.ofMillis(400));

    private Ticket next(Moment moment) throws Exception {
        fetches++;
        Object outcome = outcomes.remove();
        if (outcome instanceof Exception failure) {
            throw failure;
        }
        return new Ticket(outcome.toString(), moment.nowMillis() + LIFETIME_MILLIS);
    }

    private String fetched() {
        CompletableFuture<Ticket> ticket = cache.get(context);
        context.runOffloaded();
        assertThat(ticket).isDone();
        return ticket.handle((got, failure) -> failure == null ? got.name() : KafkaException.forCaller(failure).getMessage()).join();
    }

    @Test
    void manyConnectionsShareOneFetch() {
        outcomes.add("first");

        CompletableFuture<Ticket> one = cache.get(context);
        CompletableFuture<Ticket> other = cache.get(context);
        context.runOffloaded();

        assertThat(one).isCompletedWithValueMatching(ticket -> ticket.name().equals("first"));
        assertThat(other).isCompletedWithValueMatching(ticket -> ticket.name().equals("first"));
        assertThat(fetches).isEqualTo(1);
    }

    @Test
    void whatIsFreshIsHandedOutWithoutAFetch() {
        outcomes.add("first");
        fetched();

        context.advanceMillis(7_999);

        assertThat(fetched()).isEqualTo("first");
        assertThat(fetches).isEqualTo(1);
    }

    @Test
    void whatHasReachedTheWindowIsRenewedBehindWhoeverAsks() {
        outcomes.add("first");
        outcomes.add("second");
        fetched();
        context.advanceMillis(8_000);

        CompletableFuture<Ticket> atOnce = cache.get(context);

        assertThat(atOnce).isCompletedWithValueMatching(ticket -> ticket.name().equals("first"));
        context.runOffloaded();
        assertThat(fetched()).isEqualTo("second");
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void failedRenewalKeepsTheOldUntilItExpires() {
        outcomes.add("first");
        outcomes.add(new CredentialsUnavailableException("out of order"));
        fetched();

        context.advanceMillis(8_000);

        assertThat(fetched()).isEqualTo("first");
        assertThat(fetches).isEqualTo(2);
        context.advanceMillis(50);
        assertThat(fetched()).isEqualTo("first");
        assertThat(fetches).as("within the back-off nothing is fetched").isEqualTo(2);
    }

    @Test
    void nobodyWaitsForARenewalThatFailedBefore() {
        outcomes.add("first");
        outcomes.add(new CredentialsUnavailableException("out of order"));
        outcomes.add("second");
        fetched();
        context.advanceMillis(8_000);
        fetched();
        context.advanceMillis(100);

        CompletableFuture<Ticket> atOnce = cache.get(context);

        assertThat(atOnce).isCompletedWithValueMatching(ticket -> ticket.name().equals("first"));
        context.runOffloaded();
        assertThat(fetched()).isEqualTo("second");
    }

    @Test
    void whatIsAboutToExpireIsNotHandedOut() {
        outcomes.add("first");
        outcomes.add(new CredentialsUnavailableException("out of order"));
        fetched();

        context.advanceMillis(9_499);
        assertThat(cache.get(context)).isCompletedWithValueMatching(ticket -> ticket.name().equals("first"));
        context.advanceMillis(1);

        assertThat(fetched()).isEqualTo("out of order");
    }

    @Test
    void sourceThatNeverAnswersIsGivenUpAndWhatItBringsLaterIsDropped() {
        outcomes.add("second");
        outcomes.add("first");
        CompletableFuture<Ticket> waiting = cache.get(context);
        Runnable stuck = context.holdBack();
        context.advanceMillis(120_000);

        assertThat(fetched()).isEqualTo("The ticket was not there within 120 s, as the source has not answered");
        assertThat(waiting).isCompletedExceptionally();
        context.advanceMillis(100);
        assertThat(fetched()).isEqualTo("second");
        stuck.run();
        assertThat(fetched()).isEqualTo("second");
        assertThat(fetches).isEqualTo(2);
    }

    private void letFetchesHangFor(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += 10_000) {
            cache.get(context);
            context.holdBack();
            context.advanceMillis(10_000);
        }
    }

    @Test
    void afterFourFetchesWereLeftBehindOthersAreLeftMoreSlowly() {
        letFetchesHangFor(Duration.ofMinutes(16));

        assertThat(context.heldBack()).isEqualTo(4);
    }

    @Test
    void sourceThatHasRecoveredIsFoundOutHoweverManyFetchesWereLeftBehind() {
        outcomes.add("first");
        letFetchesHangFor(Duration.ofMinutes(16));
        context.advanceMillis(60_000);

        assertThat(fetched()).isEqualTo("first");
    }

    @Test
    void whoWaitsForLongIsToldForWhatAndTheFetchGoesOn() {
        outcomes.add("first");
        CompletableFuture<Ticket> waiting = cache.get(context);

        context.endPatience(Duration.ofMillis(7_500));

        assertThat(waiting).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(CredentialsUnavailableException.class)
                .withMessageContaining("The ticket was not there within 7.5 s, as the source has not answered yet");
        assertThat(fetched()).isEqualTo("first");
        assertThat(fetches).isEqualTo(1);
    }

    @Test
    void clockThatWasSetBackDoesNotProlongTheBackoff() {
        outcomes.add(new CredentialsUnavailableException("out of order"));
        outcomes.add("first");
        fetched();

        context.advanceMillis(-3_600_000);

        assertThat(fetched()).isEqualTo("first");
    }

    @Test
    void whatHasExpiredIsNotHandedOutThoughNothingNewIsToBeHad() {
        outcomes.add("first");
        outcomes.add(new CredentialsUnavailableException("out of order"));
        fetched();

        context.advanceMillis(LIFETIME_MILLIS);

        assertThat(fetched()).isEqualTo("out of order");
    }

    @Test
    void whatExpiresWhileItsRenewalFailsIsNotHandedOut() {
        outcomes.add("first");
        outcomes.add(new CredentialsUnavailableException("out of order"));
        fetched();
        context.advanceMillis(9_999);

        CompletableFuture<Ticket> waiting = cache.get(context);
        context.advanceMillis(1);
        context.runOffloaded();

        assertThat(waiting).isCompletedExceptionally();
    }

    @Test
    void backoffDoublesUpToItsCeiling() {
        for (int failure = 1; failure <= 5; failure++) {
            outcomes.add(new CredentialsUnavailableException("failure " + failure));
        }

        for (long backoff : new long[] {100, 200, 400, 400}) {
            String told = fetched();
            int before = fetches;
            context.advanceMillis(backoff - 1);
            assertThat(fetched()).as("still within %d ms", backoff).isEqualTo(told);
            assertThat(fetches).isEqualTo(before);
            context.advanceMillis(1);
        }

        assertThat(fetched()).isEqualTo("failure 5");
    }

    @Test
    void refusalIsToldAsSuch() {
        outcomes.add(new AuthenticationException("refused"));

        CompletableFuture<Ticket> ticket = cache.get(context);
        context.runOffloaded();

        assertThat(ticket).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(AuthenticationException.class);
    }

    @Test
    void failureOfAnotherKindCountsAsPassing() {
        outcomes.add(new IllegalStateException("odd"));

        assertThat(fetched()).isEqualTo("The ticket could not be fetched: java.lang.IllegalStateException: odd");
    }

    @Test
    void whatArrivesExpiredIsNotTaken() {
        outcomes.add("late");

        CompletableFuture<Ticket> ticket = cache.get(context);
        context.advanceMillis(LIFETIME_MILLIS);
        context.runOffloaded();

        assertThat(ticket).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("has expired already");
    }
}
