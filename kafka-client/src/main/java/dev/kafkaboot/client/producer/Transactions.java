package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.TransactionAbortedException;
import dev.kafkaboot.client.TransactionFailedException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.producer.TransactionEnd.Kind;
import dev.kafkaboot.protocol.message.EndTxnResponse;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of one producer, one after the other (KIP-98). On the loop.
 *
 * <p><b>States.</b> {@link TransactionState} tells where the producer stands; {@link #move} is the only place where that changes. Records come in through a
 * {@link SendGate}, which is open in IN_TRANSACTION alone, and are sent in IN_TRANSACTION and FLUSHING.
 *
 * <p><b>The end.</b> A commit closes the gate, waits until nobody is inside, sends all there is, and asks the coordinator only if every record was acknowledged
 * and all offsets are kept. An abort closes the gate, drops what was not sent, and waits until nothing of the transaction is under way, neither a batch nor a
 * question to a coordinator: what arrives behind the end would begin a transaction that nobody ends, or be in the next one.
 *
 * <p><b>Two protocols.</b> Since KIP-890's second part ({@code transaction.version} 2) a partition or group is in the transaction because something is written
 * to it, and each end gives another epoch, so that nothing late can do harm. Before it, the coordinator is told of each partition and group first, and the
 * epoch stays; so another one is asked for after each transaction in which something failed or was left open (KIP-360, KAFKA-17754). Which of the two it is
 * is decided as each transaction begins.
 *
 * <p><b>Two phases.</b> If somebody else decides on transactions (KIP-939), one that is flushed is left PREPARED and not asked to be committed. Nothing tells
 * the coordinator of it: it has the transaction open until it hears of an end, from this producer or from one that comes later and has it
 * {@linkplain #init kept}. Which transaction it is, is told by the producer id and epoch that it is written with; so epochs have to differ from one to the next.
 *
 * <p><b>Limits.</b> What was asked for goes on when the limit of a call has passed: an end that may have been asked for must be known before anything else
 * can begin. A later call of the same kind waits for the same. Only a commit that still waits for its records is given up: the transaction has failed then.
 */
final class Transactions implements TransactionGate {

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);

    private final TransactionSettings settings;
    private final ClientConnections connections;
    private final RecordAccumulator accumulator;
    private final BatchOutcomes outcomes;
    private final CoordinatorCalls calls;
    private final TransactionRequests requests;
    private final TransactionPartitions partitions;
    private final TransactionOffsets offsets;
    private final TransactionDrain drain;
    private final TransactionFailures failures;
    private final SendGate gate;
    private final TransactionProtocol protocol = new TransactionProtocol();
    private @Nullable Sending sending;

    private TransactionState state = TransactionState.UNINITIALIZED;
    private ProducerIdentity identity = new ProducerIdentity(-1, (short) -1, /* transactional= */ true);
    private long number;
    private boolean needsEpoch;
    private boolean commitInDoubt;
    private @Nullable KafkaException cause;
    private CompletableFuture<PreparedTxnState> ready = new CompletableFuture<>();
    private boolean keepPrepared;
    private boolean isKept;
    private @Nullable PreparedTxnState prepared;
    private @Nullable TransactionEnd end;

    Transactions(TransactionSettings settings, ClientConnections connections, RecordAccumulator accumulator, BatchOutcomes outcomes) {
        this.settings = settings;
        this.connections = connections;
        this.accumulator = accumulator;
        this.outcomes = outcomes;
        this.failures = new TransactionFailures(settings);
        this.requests = new TransactionRequests(settings);
        this.calls = new CoordinatorCalls(connections, settings, this::inDoubt, this::progress);
        this.partitions = new TransactionPartitions(loop(), calls, requests, () -> state.isSending(), new Added());
        this.offsets = new TransactionOffsets(calls, requests, () -> state.isSending());
        this.gate = new SendGate(loop(), refusal(), this::progress);
        this.drain = new TransactionDrain(accumulator, gate, partitions, () -> calls.isIdle() && offsets.isSettled());
    }

    /** Says who sends. Before anything else. */
    void attach(Sending sender) {
        sending = sender;
    }

    /** Where records come in. */
    SendGate gate() {
        return gate;
    }

    private EventLoop loop() {
        return connections.loop();
    }

    private void move(TransactionState target) {
        log.debug("{}: {} to {}", settings, state, target);
        state = state.to(target);
        if (state != TransactionState.IN_TRANSACTION) {
            gate.close(refusal());
        }
    }

    /** What senders are told: they are on threads of their own, so it is of this moment. */
    private Supplier<KafkaException> refusal() {
        return failures.refusal("send", state, cause);
    }

    /** A request may have been carried out, or may be yet. */
    private void inDoubt(boolean isLate) {
        needsEpoch |= isLate && !protocol.hasEpochs();
        commitInDoubt |= state == TransactionState.COMMITTING;
    }

    // ---- beginning

    /**
     * Gets a producer id and epoch. Nothing happens if that is done.
     *
     * @param keep whether what the producer before this one left open is taken for prepared, and not ended
     * @return what was kept
     */
    CompletableFuture<PreparedTxnState> init(boolean keep, Duration limit) {
        if (keep && !settings.twoPhase()) {
            return CompletableFuture.failedFuture(failures.notTwoPhase("initTransactions(true)"));
        }
        switch (state) {
            case UNINITIALIZED -> {
                keepPrepared = keep;
                move(TransactionState.INITIALIZING);
                askForIdentity(null);
            }
            case INITIALIZING, READY, RENEWING, PREPARED -> {
                if (keep != keepPrepared || state == TransactionState.PREPARED && !isKept) {
                    return refused("initTransactions");
                }
            }
            case IN_TRANSACTION, PREPARING, FLUSHING, COMMITTING, ABORTING, ABORTABLE_ERROR, FATAL_ERROR, CLOSED -> {
                return refused("initTransactions");
            }
        }
        return within(ready, limit, () -> new TimeoutException(
                waited(limit, "the producer id of " + settings) + "; calling initTransactions again waits on", calls.lastFailure()))
                .thenApply(kept -> state == TransactionState.PREPARED ? kept : new PreparedTxnState()); // what was kept may have been completed since
    }

    private void askForIdentity(@Nullable ProducerIdentity current) {
        ready = new CompletableFuture<>();
        boolean keep = current == null && keepPrepared;
        calls.ask(requests.init(current, keep)).whenComplete((answer, failure) -> {
            if (state == TransactionState.CLOSED || state == TransactionState.FATAL_ERROR) {
                return;
            }
            if (answer == null) {
                fatal(failures.uninitialised(Failures.cause(failure), keep));
                return;
            }
            identified(answer);
            if (settings.twoPhase() && !protocol.hasEpochs()) {
                fatal(failures.withoutEpochs());
                return;
            }
            PreparedTxnState kept = new PreparedTxnState(answer.response().ongoingTxnProducerId(), answer.response().ongoingTxnProducerEpoch());
            isKept = kept.hasTransaction();
            prepared = isKept ? kept : null;
            move(isKept ? TransactionState.PREPARED : TransactionState.READY);
            ready.complete(kept);
        });
    }

    private void identified(CoordinatorAnswer<InitProducerIdResponse> answer) {
        identity = new ProducerIdentity(answer.response().producerId(), answer.response().producerEpoch(), /* transactional= */ true);
        needsEpoch = false;
        protocol.choose(connections.versions(answer.broker().id()));
        log.debug("{} is producer {} of epoch {}", settings, identity.producerId(), identity.epoch());
    }

    /** Begins a transaction, after {@link #init} if need be; but what may be prepared is not ended without its being asked for. */
    CompletableFuture<Void> initAndBegin(Duration limit) {
        long startedNanos = loop().nanoTime();
        return !settings.twoPhase() && (state == TransactionState.UNINITIALIZED || state == TransactionState.INITIALIZING)
                ? init(/* keep= */ false, limit).thenCompose(done -> begin(limit.minusNanos(loop().nanoTime() - startedNanos)))
                : begin(limit);
    }

    /** Begins a transaction. */
    CompletableFuture<Void> begin(Duration limit) {
        if (state == TransactionState.READY && needsEpoch) {
            renew();
        }
        return switch (state) {
            case READY -> {
                opened();
                yield CompletableFuture.completedFuture(null);
            }
            case RENEWING -> within(ready, limit, () -> new TimeoutException(
                    waited(limit, "another epoch for " + settings), calls.lastFailure())).thenRun(this::opened);
            case UNINITIALIZED, INITIALIZING, IN_TRANSACTION, PREPARING, PREPARED, FLUSHING, COMMITTING, ABORTING, ABORTABLE_ERROR, FATAL_ERROR, CLOSED ->
                    refused("beginTransaction");
        };
    }

    private void opened() {
        if (state != TransactionState.READY) { // somebody else was faster
            throw failures.outOfOrder("beginTransaction", state, cause);
        }
        move(TransactionState.IN_TRANSACTION);
        end = null;
        cause = null;
        prepared = null;
        gate.open(++number);
    }

    private void renew() {
        move(TransactionState.RENEWING);
        askForIdentity(identity);
    }

    // ---- in between

    /** Adds the offsets of a group to the transaction. */
    CompletableFuture<Void> sendOffsets(Map<TopicPartition, OffsetAndMetadata> positions, ConsumerGroupMetadata group, Duration limit) {
        if (state != TransactionState.IN_TRANSACTION) {
            return refused("sendOffsets");
        }
        if (positions.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        String what = "The offsets of group '" + group.groupId() + "' are not in the transaction";
        long transaction = number;
        CompletableFuture<Void> kept = offsets.send(identity, positions, group, protocol.hasEpochs()).handle((done, failure) -> {
            if (failure != null) {
                Throwable reason = Failures.cause(failure);
                KafkaException known = cause;
                KafkaException told = reason instanceof CoordinatorCalls.Unwanted && known != null ? known : failures.told(what, reason);
                failed(transaction, told);
                throw told;
            }
            return null;
        });
        kept.whenComplete((done, failure) -> progress()); // when the coordinator's call was over they were not settled yet
        return within(kept, limit, () -> {
            KafkaException late = TransactionFailedException.abortable(
                    waited(limit, "the offsets of group '" + group.groupId() + "' to be in the transaction") + "; abort it", calls.lastFailure());
            failed(transaction, late);
            return late;
        });
    }

    private final class Added implements TransactionPartitions.Owner {

        @Override
        public void added() {
            sending().reconsider();
        }

        @Override
        public void notAdded(Throwable reason) {
            failed(number, failures.told("Partitions could not be added to the transaction", reason));
        }
    }

    private Sending sending() {
        Sending known = sending;
        if (known == null) {
            throw new IllegalStateException("Nobody sends");
        }
        return known;
    }

    /** A record of a transaction could not be taken. Any thread. */
    void sendFailed(long transaction, KafkaException reason) {
        LoopTasks.post(loop(), () -> failed(transaction, failures.told("A record of the transaction could not be sent", reason)));
    }

    /** Records of the open transaction have failed for good. */
    void recordsFailed(Throwable reason) {
        if (state.isSending()) {
            failed(number, failures.told("Records of the transaction could not be sent", reason));
        }
    }

    /** Something has failed; if it is of the open transaction, that can only be aborted now, or the producer is of no more use. */
    private void failed(long transaction, KafkaException reason) {
        if (transaction != number || !state.isSending()) {
            return;
        }
        if (reason.isFatal()) {
            fatal(reason);
            return;
        }
        log.debug("{} has to abort its transaction", settings, reason);
        cause = reason;
        needsEpoch |= !protocol.hasEpochs();
        close(TransactionState.ABORTABLE_ERROR);
        TransactionEnd unfinished = end;
        if (unfinished != null) {
            unfinished.outcome().completeExceptionally(reason);
        }
    }

    /** Lets no more in, and sees to what waits. Later, because whoever tells of a failure is in the middle of something. */
    private void close(TransactionState target) {
        move(target);
        loop().execute(() -> {
            dropAll();
            abortIfAbandoned();
        });
        calls.review();
    }

    private void fatal(KafkaException reason) {
        cause = reason;
        close(TransactionState.FATAL_ERROR);
        log.warn("The producer with {} is of no more use: {}", settings, reason.getMessage());
        ready.completeExceptionally(reason);
        TransactionEnd unfinished = end;
        if (unfinished != null) {
            unfinished.outcome().completeExceptionally(reason);
        }
    }

    // ---- the sender's questions

    @Override
    public String transactionalId() {
        return settings.transactionalId();
    }

    @Override
    public int highestProduceVersion() {
        return protocol.highestProduceVersion();
    }

    @Override
    public int lowestProduceVersion() {
        return protocol.lowestProduceVersion();
    }

    @Override
    public boolean admits(PartitionQueue queue) {
        return state.isSending() && partitions.admits(queue, identity, /* byWriting= */ protocol.hasEpochs());
    }

    @Override
    public @Nullable Throwable lastFailure() {
        return calls.lastFailure();
    }

    @Override
    public void looked(PartitionQueue queue) {
        if (!state.isSending() && state != TransactionState.CLOSED) {
            outcomes.refuse(queue, dropped());
        }
        progress();
    }

    @Override
    public boolean mayForget() {
        return protocol.hasEpochs() || !state.isSending();
    }

    @Override
    public void forgotten(PartitionQueue queue) {
        needsEpoch |= !protocol.hasEpochs() && identity.equals(queue.identity());
    }

    private KafkaException dropped() {
        KafkaException known = cause;
        return known != null && state != TransactionState.ABORTING
                ? known
                : new TransactionAbortedException("the transaction was aborted before it was sent" + (known == null ? "" : ": " + known.getMessage()));
    }

    private void dropAll() {
        if (state.isSending() || state == TransactionState.CLOSED) {
            return;
        }
        KafkaException reason = dropped();
        for (TopicQueue topic : accumulator.topics()) {
            topic.failParked(loop().nanoTime(), "", String.valueOf(reason.getMessage()), reason);
        }
        accumulator.forEachPartition(queue -> outcomes.refuse(queue, reason));
        sending().reconsider();
        progress();
    }

    private void progress() {
        drain.look();
    }

    // ---- the end

    /** Commits: completes when the coordinator has noted that the transaction is committed. */
    CompletableFuture<Void> commit(Duration limit) {
        if (state == TransactionState.IN_TRANSACTION) {
            flush(Kind.COMMIT, TransactionState.FLUSHING, this::flushed);
        } else if (state == TransactionState.PREPARED) {
            TransactionEnd commit = new TransactionEnd(Kind.COMMIT);
            end = commit;
            flushed(commit);
        } else if (!isUnderWay(Kind.COMMIT)) {
            return refused("commitTransaction");
        }
        return outcome(Kind.COMMIT, limit, () -> {
            if (state == TransactionState.FLUSHING) {
                return notFlushed(limit);
            }
            return new UnknownCommitOutcomeException(waited(limit, "the commit of " + settings)
                    + ". Whether it is committed is not known; calling commitTransaction again waits on", calls.lastFailure());
        });
    }

    private RuntimeException notFlushed(Duration limit) {
        failed(number, TransactionFailedException.abortable(
                waited(limit, "the records of the transaction to be acknowledged") + "; nothing of it was committed, abort it", calls.lastFailure()));
        KafkaException known = cause;
        return known == null ? new IllegalStateException("The transaction did not fail") : known;
    }

    private void flush(Kind kind, TransactionState meanwhile, Consumer<TransactionEnd> then) {
        TransactionEnd flushing = new TransactionEnd(kind);
        end = flushing;
        move(meanwhile);
        // Posted, because a failure that was told before the last record was gone is in the loop's inbox by then, ahead of this.
        drain.senders().thenCompose(empty -> sending().flush()).thenCompose(flushed -> drain.all())
                .thenRun(() -> loop().execute(() -> {
                    if (state == meanwhile && end == flushing) { // or it has failed meanwhile, and whoever waits for it was told
                        then.accept(flushing);
                    }
                }));
    }

    /** Leaves a transaction to be decided on, when all of it is written. */
    CompletableFuture<PreparedTxnState> prepare(Duration limit) {
        if (!settings.twoPhase()) {
            return CompletableFuture.failedFuture(failures.notTwoPhase("prepareTransaction"));
        }
        if (state == TransactionState.IN_TRANSACTION) {
            flush(Kind.PREPARE, TransactionState.PREPARING, this::prepared);
        } else if (!isUnderWay(Kind.PREPARE)) {
            return refused("prepareTransaction");
        }
        return outcome(Kind.PREPARE, limit, () -> notFlushed(limit)).thenApply(done -> Objects.requireNonNull(prepared));
    }

    private void prepared(TransactionEnd preparation) {
        // One that holds nothing has no end at the coordinator, so the next one has its epoch: named by that, it would be taken for the next.
        prepared = hasBegun() ? new PreparedTxnState(identity.producerId(), identity.epoch()) : new PreparedTxnState();
        move(TransactionState.PREPARED);
        preparation.outcome().complete(null);
    }

    /** Commits the prepared transaction if it is the one that was decided on, and aborts it if it is another. */
    CompletableFuture<Void> complete(PreparedTxnState decided, Duration limit) {
        boolean isToBeCompleted = state == TransactionState.PREPARED || isUnderWay(Kind.COMMIT) || isUnderWay(Kind.ABORT);
        PreparedTxnState own = prepared;
        if (!isToBeCompleted || own == null) {
            return CompletableFuture.failedFuture(failures.nothingPrepared(decided, state, cause));
        }
        return own.equals(decided) ? commit(limit) : abort(limit);
    }

    private void flushed(TransactionEnd commit) {
        if (!hasBegun()) {
            finish(commit);
            return;
        }
        move(TransactionState.COMMITTING);
        commitInDoubt = false;
        commit.asksToCommit();
        calls.ask(requests.end(identity, /* commit= */ true, protocol.hasEpochs())).whenComplete((answer, failure) -> {
            if (state != TransactionState.COMMITTING) {
                return;
            }
            if (answer != null) {
                goOnAs(answer);
                finish(commit);
            } else {
                refused(commit, Failures.cause(failure));
            }
        });
    }

    /** Nobody asks for the outcome of this commit again: if it fails yet, or has, the transaction is aborted. */
    void abandon(@Nullable TransactionEnd commit) {
        if (commit != null) {
            commit.abandon();
            abortIfAbandoned();
        }
    }

    private void abortIfAbandoned() {
        if (state == TransactionState.ABORTABLE_ERROR && end != null && end.isAbandoned()) {
            beginAbort();
        }
    }

    /** The coordinator does not commit. If an attempt before was not answered, that one may have been carried out, unless the refusal rules it out. */
    private void refused(TransactionEnd commit, Throwable refusal) {
        if (commitInDoubt && !TransactionFailures.saysThatNothingWasCommitted(refusal)) {
            KafkaException last = failures.fatal("Whether the transaction was committed is not known, because an attempt was not answered", refusal);
            commit.outcome().completeExceptionally(UnknownCommitOutcomeException.forGood(String.valueOf(last.getMessage()), last));
            fatal(last);
            return;
        }
        KafkaException reason = failures.told("The transaction was not committed", refusal);
        if (reason.isFatal()) {
            fatal(reason);
            return;
        }
        cause = reason;
        needsEpoch |= !protocol.hasEpochs();
        close(TransactionState.ABORTABLE_ERROR);
        commit.outcome().completeExceptionally(reason);
    }

    /** Whether the coordinator may know of the transaction. */
    private boolean hasBegun() {
        return isKept || partitions.mayHaveBegun() || offsets.mayHaveBegun();
    }

    private void goOnAs(CoordinatorAnswer<EndTxnResponse> answer) {
        EndTxnResponse response = answer.response();
        if (answer.version() >= TransactionProtocol.FIRST_END_WITH_EPOCH && response.producerId() >= 0) {
            identity = new ProducerIdentity(response.producerId(), response.producerEpoch(), /* transactional= */ true);
        }
        protocol.choose(connections.versions(answer.broker().id()));
    }

    private void finish(TransactionEnd ended) {
        partitions.clear();
        offsets.clear();
        isKept = false;
        cause = null;
        if (needsEpoch) {
            renew();
        } else {
            move(TransactionState.READY);
        }
        ended.outcome().complete(null);
    }

    /** Aborts: completes when the coordinator has noted that, and the producer can begin another transaction. */
    CompletableFuture<Void> abort(Duration limit) {
        if (state == TransactionState.IN_TRANSACTION || state == TransactionState.PREPARED || state == TransactionState.ABORTABLE_ERROR) {
            beginAbort();
        } else if (!isUnderWay(Kind.ABORT)) {
            return refused("abortTransaction");
        }
        return outcome(Kind.ABORT, limit, () -> new TimeoutException(
                waited(limit, "the abort of " + settings) + "; calling abortTransaction again waits on", calls.lastFailure()));
    }

    private void beginAbort() {
        TransactionEnd abort = new TransactionEnd(Kind.ABORT);
        end = abort;
        close(TransactionState.ABORTING);
        dropAll();
        drain.all().thenRun(() -> loop().execute(() -> drained(abort)));
    }

    private void drained(TransactionEnd abort) {
        if (state != TransactionState.ABORTING) {
            return;
        }
        dropAll(); // what was on its way in when the gate was closed
        needsEpoch |= !protocol.hasEpochs() && partitions.areBroken();
        if (!hasBegun()) {
            aborted(abort);
            return;
        }
        calls.ask(requests.end(identity, /* commit= */ false, protocol.hasEpochs())).whenComplete((answer, failure) -> {
            if (state != TransactionState.ABORTING) {
                return;
            }
            Throwable reason = failure == null ? null : Failures.cause(failure);
            if (answer != null) {
                goOnAs(answer);
                aborted(abort);
            } else if (reason != null && TransactionFailures.saysThatNothingIsOpen(reason)) {
                needsEpoch = true; // there may be nothing to abort, or it may be another's by now: asking for the next epoch tells
                aborted(abort);
            } else {
                fatal(failures.fatal("The transaction could not be aborted", reason == null ? new IllegalStateException("no outcome") : reason));
            }
        });
    }

    private void aborted(TransactionEnd abort) {
        if (!needsEpoch) {
            finish(abort);
            return;
        }
        calls.ask(requests.init(identity, /* keepPrepared= */ false)).whenComplete((answer, failure) -> {
            if (state != TransactionState.ABORTING) {
                return;
            }
            if (answer != null) {
                identified(answer);
                finish(abort);
            } else {
                fatal(failures.fatal("The producer cannot go on behind an aborted transaction", Failures.cause(failure)));
            }
        });
    }

    private boolean isUnderWay(Kind kind) {
        TransactionEnd last = end;
        boolean isOver = state == TransactionState.READY || state == TransactionState.RENEWING || state == TransactionState.PREPARED;
        boolean isEnding = state == TransactionState.PREPARING || state == TransactionState.FLUSHING || state == TransactionState.COMMITTING
                || state == TransactionState.ABORTING;
        return last != null && last.kind() == kind && (isEnding || isOver && last.isUntold());
    }

    private CompletableFuture<Void> outcome(Kind kind, Duration limit, Supplier<RuntimeException> late) {
        TransactionEnd awaited = end;
        if (awaited == null || awaited.kind() != kind) {
            throw new IllegalStateException("There is no " + kind + " under way");
        }
        return within(awaited.outcome(), limit, late);
    }

    /** Somebody who waited for the last end has got its outcome: from now on it is not told again. */
    void told() {
        TransactionEnd last = end;
        if (last != null && last.outcome().isDone()) {
            last.tell();
        }
    }

    private <T> CompletableFuture<T> refused(String call) {
        return CompletableFuture.failedFuture(failures.outOfOrder(call, state, cause));
    }

    private static String waited(Duration limit, String what) {
        return "Waited " + Times.text(limit) + " for " + what;
    }

    /** A future that fails for its caller when a limit has passed, while what it is about goes on. */
    private <T> CompletableFuture<T> within(CompletableFuture<T> whole, Duration limit, Supplier<? extends RuntimeException> late) {
        return LimitedWait.of(loop(), whole, limit, late);
    }

    /** Aborts what is open, or waits for its end, because the producer is closed. What is prepared stays so: that is what it is prepared for. */
    CompletableFuture<Void> abortOrAwait(Duration limit) {
        return switch (state) {
            case IN_TRANSACTION, ABORTABLE_ERROR, ABORTING -> abort(limit);
            case FLUSHING, COMMITTING -> orAborted(commit(limit), limit);
            case PREPARING -> orAborted(prepare(limit).thenApply(done -> null), limit);
            case UNINITIALIZED, INITIALIZING, READY, RENEWING, PREPARED, FATAL_ERROR, CLOSED -> CompletableFuture.completedFuture(null);
        };
    }

    /** Waits for an end, and aborts in what is left of the limit if the transaction fails before. */
    private CompletableFuture<Void> orAborted(CompletableFuture<Void> ending, Duration limit) {
        long startedNanos = loop().nanoTime();
        return ending.handle((done, failure) -> {
            Duration left = limit.minusNanos(loop().nanoTime() - startedNanos);
            return state == TransactionState.ABORTABLE_ERROR ? abort(left) : CompletableFuture.<Void>completedFuture(null);
        }).thenCompose(aborted -> aborted);
    }

    /** The end that was asked for last. */
    @Nullable TransactionEnd lastEnd() {
        return end;
    }

    /** Nothing is done any more. Once or more. */
    void end(ClientClosedException reason) {
        if (state == TransactionState.CLOSED) {
            return;
        }
        move(TransactionState.CLOSED);
        calls.end(reason);
        ready.completeExceptionally(reason);
        TransactionEnd unfinished = end;
        if (unfinished != null) {
            unfinished.outcome().completeExceptionally(reason);
        }
    }

    /** For tests and messages. */
    TransactionState state() {
        return state;
    }
}
