package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.ProducerFencedException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TransactionFailedException;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.TwoPhaseCommitException;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What went wrong with a transaction, as an exception that says what can be done about it. */
final class TransactionFailures {

    private static final Set<ErrorCode> OF_THE_MEMBER = EnumSet.of(
            ErrorCode.FENCED_INSTANCE_ID, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.ILLEGAL_GENERATION, ErrorCode.FENCED_MEMBER_EPOCH,
            ErrorCode.STALE_MEMBER_EPOCH);

    private final TransactionSettings settings;

    TransactionFailures(TransactionSettings settings) {
        this.settings = settings;
    }

    /** Whether a failure is the end of the producer and not of the transaction alone. */
    static boolean isFatal(Throwable failure) {
        if (failure instanceof BrokerException refusal && refusal.request() != null) {
            return ErrorActions.of(refusal.request(), refusal.errorCode()) == ErrorAction.FATAL;
        }
        return failure instanceof ClientClosedException
                || failure instanceof AuthenticationException // a coordinator that does not let the producer in cannot be asked to abort either
                || failure instanceof KafkaException known && known.isFatal();
    }

    /** A failure as its user is told of it: fatal, if it is, and else one that requires an abort. */
    KafkaException told(String what, Throwable told) {
        Throwable failure = told instanceof SendException && told.getCause() instanceof BrokerException refusal ? refusal : told;
        if (failure instanceof ProducerFencedException || failure instanceof ClientClosedException) {
            return (KafkaException) failure;
        }
        ErrorCode error = failure instanceof KafkaException known ? known.errorCode() : null;
        if (!isFatal(failure)) {
            return error != null && OF_THE_MEMBER.contains(error)
                    ? CommitFailedException.inTransaction(what + ": the member of the group on whose behalf they are committed does not own its partitions any "
                            + "more, and others may read them (" + error + "); abort the transaction", failure)
                    : TransactionFailedException.abortable(what + ": " + failure.getMessage() + "; abort the transaction", failure);
        }
        return isFencing(error) ? fenced(what, failure) : fatal(what, failure);
    }

    private static boolean isFencing(@Nullable ErrorCode error) {
        return error == ErrorCode.PRODUCER_FENCED || error == ErrorCode.INVALID_PRODUCER_EPOCH;
    }

    private ProducerFencedException fenced(String what, Throwable failure) {
        return new ProducerFencedException(what + ": this producer is fenced. Another producer with " + settings + " has begun" + (settings.twoPhase()
                        ? ""
                        : ", or the coordinator has aborted a transaction that took longer than " + ProducerConfig.TRANSACTION_TIMEOUT.name() + " ("
                                + settings.timeoutMillis() + ")") + ". Close it: " + failure.getMessage(), failure);
    }

    /** A failure that is the producer's end, whatever it says of itself. */
    KafkaException fatal(String what, Throwable failure) {
        ErrorCode error = failure instanceof KafkaException known ? known.errorCode() : null;
        if (isFencing(error)) {
            return fenced(what, failure);
        }
        return TransactionFailedException.fatal(what + ": " + reason(error, failure), failure);
    }

    /** Why a producer cannot be initialised, which is its end. */
    KafkaException uninitialised(Throwable failure, boolean keepPrepared) {
        String what = "The producer with " + settings + " cannot be initialised";
        return settings.twoPhase() && isRefusalOfTwoPhases(failure)
                ? new TwoPhaseCommitException(what + " for two-phase commits: " + missingForTwoPhases(failure, keepPrepared), failure)
                : fatal(what, failure);
    }

    private static boolean isRefusalOfTwoPhases(Throwable failure) {
        return failure instanceof UnsupportedVersionException
                || failure instanceof BrokerException refusal && (refusal.errorCode() == ErrorCode.UNSUPPORTED_VERSION
                        || refusal.errorCode() == ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }

    private static String missingForTwoPhases(Throwable failure, boolean keepPrepared) {
        if (failure instanceof UnsupportedVersionException) {
            return "it takes brokers from 4.1 on that offer what may still change (their unstable.api.versions.enable=true): " + failure.getMessage();
        }
        boolean isAllowed = ((KafkaException) failure).errorCode() == ErrorCode.UNSUPPORTED_VERSION;
        if (isAllowed && keepPrepared) {
            return "these brokers do not keep what was prepared, as none up to 4.4 does. A transaction that is open is as it was; initTransactions(false) would "
                    + "abort it: " + failure.getMessage();
        }
        return "it takes the rights WRITE and TWO_PHASE_COMMIT to the transactional id, and brokers with transaction.two.phase.commit.enable=true: "
                + failure.getMessage();
    }

    /** Two phases take transactions that can be told apart, or that of yesterday would be committed for the one of today. */
    TwoPhaseCommitException withoutEpochs() {
        return new TwoPhaseCommitException("The producer with " + settings + " cannot be initialised for two-phase commits: they take a cluster whose "
                + "transactions have epochs of their own (transaction.version 2, KIP-890)", null);
    }

    /** A call that is for two-phase commits alone. */
    KafkaException notTwoPhase(String call) {
        return new TransactionStateException(call + " is for producers that take part in two-phase commits, with "
                + ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT.name() + "=true; the one with " + settings + " does not");
    }

    /** A decision on a transaction that is not there. Whether it was committed before, nobody knows here. */
    KafkaException nothingPrepared(PreparedTxnState decided, TransactionState state, @Nullable KafkaException cause) {
        return state == TransactionState.READY && decided.hasTransaction()
                ? new TransactionStateException("completeTransaction cannot be called now: the producer with " + settings + " has no prepared transaction, neither "
                        + decided + " nor another. That one is over, or nothing was written in it")
                : outOfOrder("completeTransaction", state, cause);
    }

    private String reason(@Nullable ErrorCode error, Throwable failure) {
        if (error == ErrorCode.INVALID_TRANSACTION_TIMEOUT) {
            return ProducerConfig.TRANSACTION_TIMEOUT.name() + "=" + settings.timeoutMillis()
                    + " is more than the brokers allow (their transaction.max.timeout.ms): " + failure.getMessage();
        }
        if (error == ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED) {
            return "it takes the right to write (WRITE) to " + settings + ": " + failure.getMessage();
        }
        if (failure instanceof UnsupportedVersionException) {
            return "the brokers do not know transactions as this client does: " + failure.getMessage();
        }
        return String.valueOf(failure.getMessage());
    }

    /** A call that cannot be made now. */
    KafkaException outOfOrder(String call, TransactionState state, @Nullable KafkaException cause) {
        String text = call + " cannot be called now: the producer with " + settings + " " + state.text();
        if (state == TransactionState.FATAL_ERROR && cause != null) {
            return cause;
        }
        if (state == TransactionState.ABORTABLE_ERROR && cause != null) {
            return TransactionFailedException.abortable(text + "; " + state.advice() + ". What failed: " + cause.getMessage(), cause);
        }
        if (state == TransactionState.CLOSED) {
            return RecordAccumulator.closed();
        }
        return new TransactionStateException(text + "; " + state.advice());
    }

    /** The same, to be told by whichever thread calls. */
    Supplier<KafkaException> refusal(String call, TransactionState state, @Nullable KafkaException cause) {
        return () -> outOfOrder(call, state, cause);
    }

    /** Whether a coordinator that was asked to commit, maybe not for the first time, says that it has not. What it committed it would commit again. */
    static boolean saysThatNothingWasCommitted(Throwable failure) {
        return failure instanceof BrokerException refusal
                && (refusal.errorCode() == ErrorCode.INVALID_TXN_STATE || refusal.errorCode() == ErrorCode.TRANSACTION_ABORTABLE);
    }

    /** Whether a coordinator that was asked to abort says that there is nothing to abort, or that it does not know the producer. */
    static boolean saysThatNothingIsOpen(Throwable failure) {
        return failure instanceof BrokerException refusal && refusal.request() == ApiKey.END_TXN
                && ErrorActions.of(ApiKey.END_TXN, refusal.errorCode()) == ErrorAction.ABORT;
    }
}
