package dev.kafkaboot.client.net;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one broker, from the wish for it to its end. On the loop only. It is not used again: who needs another makes another.
 *
 * <p><b>Life.</b> See {@link ConnectionState}. It is made with requests already waiting for it. It waits out the broker's back-off, looks up the name,
 * tries the addresses in turn, asks which versions the broker speaks, authenticates, and is ready. Whatever goes wrong on the way ends it, and with it the
 * requests that wait.
 *
 * <p><b>Requests.</b> A request is encoded when there is room for it in the {@link Outbox}, not before, so one that cannot be sent is known not to have
 * been. Answers come in the order of the requests; a wrong correlation id, an answer before its request is wholly written, or bytes that nobody asked for
 * end the connection. Requests added in one turn of the loop are written together at its end.
 *
 * <p><b>Deadlines.</b> Each request has its own, but there is one timer, at the earliest. A request that expires fails alone, because others share the
 * connection: it is withdrawn if nothing of it was written, and else its answer is let go of when it comes ({@link AwaitedAnswers}). The connection ends
 * with it if it is half written, if the broker has been silent for too long, or if {@linkplain ConnectionClass#endsWithALateRequest() its class} says so.
 *
 * <p><b>End.</b> The order matters: first the socket is closed and every buffer let go of, then the owner is told, then the futures fail, because what
 * completes a future may free the buffers or ask for a new connection at once.
 */
final class Connection implements Transport.Handler {

    /** Enough to keep a socket busy; more would only be encoded too early. */
    private static final int OUTBOX_BYTES = 1024 * 1024;

    /** What is read in one turn, so that a fast broker does not starve the others. */
    private static final int READ_BYTES_PER_TURN = 8 * 1024 * 1024;

    /** Renewing a session is bounded as a whole, and not by its requests: what is before them in the broker may take long. */
    private static final Duration RENEWAL_REQUEST_MAX = Duration.ofDays(1);

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Node node;
    private final Duration setupLimit;
    private final ConnectionOwner owner;
    private final ArrayDeque<PendingRequest<?>> waiting = new ArrayDeque<>();
    private final AwaitedAnswers awaited;
    private final Outbox outbox = new Outbox(this::wasWritten);
    private final FrameReader reader;
    private final RequestCodec codec;
    private final ReceiveBufferPool buffers;
    private final Dialer dialer;
    private final DeadlineTimer deadlines;
    private final List<CompletableFuture<Void>> sentWaiters = new ArrayList<>();
    private final Pause pause;
    private final Handshake handshake;
    private final SessionRenewal renewal;

    private ConnectionState state = ConnectionState.WAITING;
    private @Nullable Transport transport;
    private @Nullable BrokerVersions versions;
    private @Nullable Timer setupTimer;
    private @Nullable Timer unsentTimer;
    private boolean pumpScheduled;
    private @Nullable PendingRequest<?> encoding;
    private boolean served;
    private long lastUsedNanos;

    Connection(
            EventLoop loop,
            ConnectionSettings settings,
            ReceiveBufferPool buffers,
            Node node,
            AddressHistory addresses,
            Duration setupLimit,
            ConnectionOwner owner) {
        this.loop = loop;
        this.settings = settings;
        this.buffers = buffers;
        this.node = node;
        this.setupLimit = setupLimit;
        this.owner = owner;
        this.reader = new FrameReader(buffers, this::checkSize);
        this.codec = new RequestCodec(node);
        this.dialer = new Dialer(loop, settings, node, addresses, setupLimit, this, this::close);
        this.deadlines = new DeadlineTimer(loop, this::checkDeadlines);
        this.pause = new Pause(loop, this::paused);
        this.handshake = new Handshake(loop, this, codec, settings.authenticators(), setupLimit);
        this.renewal = new SessionRenewal(handshake, setupLimit, settings.reconnect(), new RenewalEvents());
        this.lastUsedNanos = loop.nanoTime();
        this.awaited = new AwaitedAnswers(settings.silenceMax(), lastUsedNanos);
    }

    /** Begins, after a pause. */
    void start(Duration delay) {
        setupTimer = loop.schedule(delay, this::connect);
    }

    Node node() {
        return node;
    }

    /** The broker's name as certificates and SASL know it. */
    String host() {
        return dialer.host();
    }

    ConnectionState state() {
        return state;
    }

    /** How many requests are before a new one. */
    int load() {
        return waiting.size() + awaited.size() + (encoding == null ? 0 : 1);
    }

    boolean isReady() {
        return state == ConnectionState.READY && !pause.isOn() && !renewal.isHolding();
    }

    /** Whether the broker has not answered yet what was given up. */
    boolean isHeldUp() {
        return awaited.isHeldUp();
    }

    /** Whether nothing was sent or received for a time. */
    boolean isIdleFor(Duration time) {
        return state == ConnectionState.READY && load() == 0 && !hasUnsent() && loop.nanoTime() - lastUsedNanos >= Times.nanos(time);
    }

    /** Adds a request, to be sent now or when ready. */
    void add(PendingRequest<?> request) {
        if (!state.takesRequests()) {
            throw new IllegalStateException("A connection that is " + state + " takes no requests");
        }
        waiting.add(request);
        deadlines.arm(request.deadlineNanos);
        pumpSoon();
    }

    /** Takes no more requests, and closes when the last one is answered. */
    void drain() {
        if (state == ConnectionState.CLOSING || state == ConnectionState.CLOSED) {
            return;
        }
        if (state != ConnectionState.READY || load() == 0 && !hasUnsent()) {
            close(null);
            return;
        }
        become(ConnectionState.CLOSING);
        closeIfDrained();
    }

    private void become(ConnectionState next) {
        state = state.to(next);
    }

    // ---- setting up

    private void connect() {
        become(ConnectionState.CONNECTING);
        dialer.dial();
    }

    @Override
    public void connected() {
        become(ConnectionState.NEGOTIATING);
        transport = dialer.succeeded();
        setupTimer = loop.schedule(setupLimit, () -> close(reader.hasRead()
                ? Diagnosis.silent("finish setting up the connection", setupLimit)
                : Diagnosis.silentFirst(setupLimit)));
        handshake.run(this::negotiated).whenComplete((session, failure) -> {
            if (state == ConnectionState.CLOSED) {
                return;
            }
            if (failure != null) {
                close(Failures.cause(failure));
            } else {
                ready(session);
            }
        });
    }

    private void negotiated(BrokerVersions known) {
        versions = known;
        become(ConnectionState.AUTHENTICATING);
    }

    private void ready(Authenticator.@Nullable Session session) {
        cancel(setupTimer);
        become(ConnectionState.READY);
        dialer.proven();
        renewal.expect(session);
        owner.ready(this, handshake.versions());
        pumpSoon();
    }

    /** Sends a request of the handshake: before the connection is ready, or ahead of what waits while its session is renewed. */
    <R extends ResponseMessage> CompletableFuture<R> sendAhead(RequestMessage<R> request, short version) {
        boolean renews = state.isSetUp();
        PendingRequest<R> pending = new PendingRequest<>(request.apiKey(), any -> request, settings.clientId(),
                RequestOptions.of(ConnectionClass.GENERAL, renews ? RENEWAL_REQUEST_MAX : setupLimit), loop.nanoTime());
        if (state == ConnectionState.CLOSED) {
            pending.fail(Diagnosis.lost(pending, node, null));
            return pending.future.thenApply(ReceivedFrame::response);
        }
        if (renews) {
            renewal.begin();
        }
        encode(pending, version);
        pumpSoon();
        return pending.future.thenApply(frame -> {
            frame.release();
            return frame.response();
        });
    }

    /** What becomes of the session. */
    private final class RenewalEvents implements SessionRenewal.Events {

        @Override
        public boolean isHeldUp() {
            PendingRequest<?> next = awaited.next();
            return pause.isOn() || next != null && !FrameBounds.isOfHandshake(next.api); // it reads nothing in a pause that it asked for
        }

        @Override
        public void renewed() {
            pumpSoon();
        }

        @Override
        public void replace() {
            replaceIfDrained();
        }

        @Override
        public void failed(Throwable cause) {
            close(cause);
        }
    }

    /** Gives way to another connection, which gets what waits when all that is under way here is answered: nothing is lost or overtaken. */
    private void replaceIfDrained() {
        if (renewal.isOver() && state.isSetUp() && awaited.size() == 0 && isAllSent()) {
            List<PendingRequest<?>> unsent = List.copyOf(waiting);
            waiting.clear();
            close(null);
            owner.replaced(this, unsent);
        }
    }

    // ---- sending

    private void pumpSoon() {
        if (!pumpScheduled && transport != null && state != ConnectionState.CONNECTING) {
            pumpScheduled = true;
            loop.execute(this::pump);
        }
    }

    @Override
    public void writable() {
        pump();
    }

    /** Encodes and writes as much as the socket takes. */
    private void pump() {
        pumpScheduled = false;
        Transport open = transport;
        if (open == null || state == ConnectionState.CLOSED || state == ConnectionState.CONNECTING) {
            return;
        }
        try {
            boolean drained = true;
            do {
                encodeWaiting();
                drained = outbox.writeTo(open);
            } while (drained && maySend() && !waiting.isEmpty());
            if (state != ConnectionState.CLOSED) {
                open.wantWrite(!drained || open.hasUnsent());
                closeIfDrained();
                replaceIfDrained();
                tellIfSent();
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    private boolean maySend() {
        return state.isSetUp() && !pause.isOn() && !renewal.isHolding();
    }

    private void encodeWaiting() {
        BrokerVersions known = versions;
        if (known == null) {
            return;
        }
        while (maySend() && outbox.bytes() < OUTBOX_BYTES) {
            PendingRequest<?> request = waiting.poll();
            if (request == null) {
                return;
            }
            int version = known.negotiated(request.api, request.options.highestVersion(), request.options.takesUnstable());
            if (version < 0) {
                request.fail(codec.unsupported(request.api, known));
            } else {
                encode(request, (short) version);
            }
        }
    }

    private void encode(PendingRequest<?> request, short version) {
        List<ByteBuffer> encoded;
        encoding = request;
        try {
            encoded = codec.encode(request, version);
        } catch (RuntimeException refused) { // the message cannot be written in this version, or its maker failed; nothing was sent
            request.fail(refused);
            return;
        } catch (OutOfMemoryError none) { // it was not sent and may be tried again; the loop, and all that live on it, go on
            close(new ConnectionProblem("could not be written to, for which there is no memory: " + none.getMessage(), none));
            return;
        } finally {
            encoding = null;
        }
        if (state == ConnectionState.CLOSED) {
            return; // its maker saw to that, and so the request has failed
        }
        if (request.expectsResponse()) {
            awaited.add(request);
        }
        deadlines.arm(request.deadlineNanos);
        outbox.add(request, encoded);
        owner.sent(this, request, codec.lastSize());
        used(request);
    }

    /** What renews a session makes no use of the connection: one that is idle shall be closed. */
    private void used(PendingRequest<?> request) {
        if (!FrameBounds.isOfHandshake(request.api)) {
            lastUsedNanos = loop.nanoTime();
        }
    }

    private void wasWritten(PendingRequest<?> request) {
        request.writtenAt(loop.nanoTime());
        if (!request.expectsResponse()) {
            unanswered(request);
        }
    }

    private <R extends ResponseMessage> void unanswered(PendingRequest<R> request) {
        request.complete(new ReceivedFrame<>(request.response(), request.version(), node, request.writtenNanos(), null, null));
    }

    // ---- receiving

    @Override
    public void readable() {
        Transport open = transport;
        if (open == null || state == ConnectionState.CLOSED) {
            return;
        }
        awaited.heard(loop.nanoTime());
        try {
            int left = READ_BYTES_PER_TURN;
            while (left > 0) {
                ByteBuffer frame = reader.next(open);
                if (frame == null) {
                    return;
                }
                left -= frame.limit();
                received(frame);
                if (state == ConnectionState.CLOSED) {
                    return;
                }
            }
            loop.execute(this::readable); // what was read ahead makes no event
        } catch (FrameReader.EndOfStream end) {
            ended(end);
        } catch (IOException failure) {
            broken(failure);
        }
    }

    private void broken(IOException failure) {
        if (failure.getCause() instanceof AuthenticationException refused) {
            close(refused); // with TLS 1.3 a broker judges the client's certificate when the channel is open already
            return;
        }
        if (failure instanceof ConnectionProblem problem && problem.isCutOff() && !reader.isInsideFrame() && isLeftIdle()) {
            leftByPeer(); // nothing can have been cut off
            return;
        }
        ConnectionProblem early = failure instanceof ConnectionProblem ? null : endedEarly(); // who closes without having read resets the connection
        close(early == null ? failure : early);
    }

    /** What the end of the stream says, if it comes before the first request of a client was answered. */
    private @Nullable ConnectionProblem endedEarly() {
        if (state == ConnectionState.NEGOTIATING && !reader.hasRead()) {
            return Diagnosis.endedFirst();
        }
        if (isAuthenticating()) {
            return Diagnosis.endedInAuthentication();
        }
        return state == ConnectionState.READY && !served ? Diagnosis.endedUnserved(settings.authenticates()) : null;
    }

    private boolean isAuthenticating() {
        return state == ConnectionState.AUTHENTICATING || renewal.hasBegun();
    }

    private void ended(FrameReader.EndOfStream end) {
        if (!end.isInsideFrame() && isLeftIdle()) {
            leftByPeer();
            return;
        }
        ConnectionProblem early = end.isInsideFrame() ? null : endedEarly();
        close(early == null ? Diagnosis.ended(end) : early);
    }

    private boolean isLeftIdle() {
        return state == ConnectionState.READY && !isAuthenticating() && load() == 0 && !hasUnsent();
    }

    /** It was idle for too long in the broker's eyes, or the broker is going down. */
    private void leftByPeer() {
        close(null);
        owner.leftByPeer(this);
    }

    private void checkSize(int size, ByteBuffer begin) throws IOException {
        PendingRequest<?> request = awaited.next();
        if (request == null) {
            throw new ConnectionProblem("sent bytes that nobody asked for");
        }
        Diagnosis.checkSize(size, FrameBounds.max(request.api, settings.frameBytesMax()), begin, request.api);
    }

    private void received(ByteBuffer frame) throws IOException {
        PendingRequest<?> request = awaited.next();
        if (request == null || !request.isWritten()) {
            throw new ConnectionProblem("answered a request that it cannot have read yet");
        }
        RequestCodec.checkAnswers(request, frame);
        if (request.isOver()) {
            answered(request, frame.limit());
            buffers.give(frame);
        } else {
            finish(request, frame);
        }
        closeIfDrained();
        replaceIfDrained();
    }

    private void answered(PendingRequest<?> request, int bytes) {
        awaited.answered();
        if (!FrameBounds.isOfHandshake(request.api)) {
            renewal.waited();
        }
        served |= state.isSetUp();
        if (awaited.isHeldUp()) {
            deadlines.arm(awaited.silenceEndNanos());
        }
        used(request);
        owner.received(this, request, bytes);
    }

    private <R extends ResponseMessage> void finish(PendingRequest<R> request, ByteBuffer frame) throws IOException {
        R response = codec.decode(request, frame);
        answered(request, frame.limit());
        if (response.throttleTimeMs() > 0 && versions != null && FrameBounds.clientPauses(versions)) {
            Duration length = Duration.ofMillis(response.throttleTimeMs());
            owner.throttled(this, request, length);
            pause.begin(length);
            awaited.paused(Times.deadline(loop.nanoTime(), length));
        }
        request.complete(new ReceivedFrame<>(response, request.version(), node, request.writtenNanos(), frame, buffers));
    }

    private void paused() {
        renewal.waited();
        pump();
    }

    // ---- deadlines

    private void checkDeadlines() {
        long now = loop.nanoTime();
        List<PendingRequest<?>> sent = Stream.concat(awaited.stream(), outbox.requests().filter(request -> !request.expectsResponse()))
                .filter(request -> request.isLate(now))
                .toList();
        if (awaited.isSilent(now) || sent.stream().anyMatch(this::endsConnection)) {
            close(new ConnectionProblem("did not answer in time"), now);
            return;
        }
        sent.stream().filter(request -> !request.isWritten()).forEach(request -> {
            outbox.withdraw(request);
            awaited.withdraw(request);
        });
        List<PendingRequest<?>> unsent = waiting.stream().filter(request -> request.isLate(now)).toList();
        waiting.removeAll(unsent);
        Stream.concat(sent.stream(), unsent.stream()).toList().forEach(request -> request.fail(expired(request)));
        if (state != ConnectionState.CLOSED) {
            armDeadlines();
            closeIfDrained();
        }
    }

    /** Whether a request that was encoded and is late takes the connection with it. */
    private boolean endsConnection(PendingRequest<?> late) {
        return !state.isSetUp() || late.options.connectionClass().endsWithALateRequest() || outbox.isHalfWritten(late);
    }

    private void armDeadlines() {
        Stream.of(waiting.stream(), awaited.stream(), outbox.requests()).flatMap(requests -> requests)
                .filter(request -> !request.isOver())
                .forEach(request -> deadlines.arm(request.deadlineNanos));
        if (awaited.isHeldUp()) {
            deadlines.arm(awaited.silenceEndNanos());
        }
    }

    private RequestTimeoutException expired(PendingRequest<?> request) {
        return Diagnosis.expired(request, node, state, heldBy(), owner.describe(this));
    }

    private @Nullable String heldBy() {
        if (pause.isOn()) {
            return "the broker asked for a pause";
        }
        return renewal.isHolding() ? "the session was " + (renewal.hasBegun() ? "being renewed" : "over, could not be renewed yet,") : null;
    }

    // ---- the end

    @Override
    public void closed(Throwable cause) {
        transport = null;
        if (state == ConnectionState.CONNECTING && !(cause instanceof ClientClosedException)) {
            dialer.attemptFailed(cause);
        } else {
            close(cause);
        }
    }

    private void closeIfDrained() {
        if (state == ConnectionState.CLOSING && load() == 0 && isAllSent()) {
            close(null);
        }
    }

    private boolean hasUnsent() {
        return !outbox.isEmpty() || layerHoldsUnsent();
    }

    private boolean layerHoldsUnsent() {
        return transport != null && transport.hasUnsent();
    }

    /** Completes when the system has taken what a layer below has encrypted and holds, or the connection is over. On the loop. */
    CompletableFuture<Void> sent() {
        if (!layerHoldsUnsent()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        sentWaiters.add(waiter);
        return waiter;
    }

    private void tellIfSent() {
        if (!sentWaiters.isEmpty() && !layerHoldsUnsent()) {
            List<CompletableFuture<Void>> told = List.copyOf(sentWaiters);
            sentWaiters.clear();
            told.forEach(waiter -> waiter.complete(null));
        }
    }

    /**
     * Whether nothing is lost by closing. What a layer below has encrypted and not sent yet counts as written, so no deadline watches over it any more: it is
     * waited for as long as setting up a connection may take.
     */
    private boolean isAllSent() {
        if (outbox.isEmpty() && hasUnsent() && unsentTimer == null) {
            unsentTimer = loop.schedule(setupLimit, () -> {
                unsentTimer = null;
                if (hasUnsent()) {
                    close(Diagnosis.silent("take what was sent to it", setupLimit));
                }
            });
        }
        return !hasUnsent();
    }

    /**
     * Ends the connection.
     *
     * @param cause why, or null if nothing is wrong; a {@link ClientClosedException} is what the requests fail with
     */
    void close(@Nullable Throwable cause) {
        close(cause, /* nowNanos= */ Long.MIN_VALUE);
    }

    private void close(@Nullable Throwable cause, long nowNanos) {
        if (state == ConnectionState.CLOSED) {
            return;
        }
        ConnectionState before = state;
        if (before == ConnectionState.NEGOTIATING || before == ConnectionState.AUTHENTICATING) {
            dialer.suspect();
        }
        dialer.stop();
        if (transport != null) {
            transport.close();
            transport = null;
        }
        reader.close();
        cancel(setupTimer);
        cancel(unsentTimer);
        pause.cancel();
        renewal.cancel();
        deadlines.cancel();
        List<PendingRequest<?>> lost = awaited.clear();
        lost.removeIf(PendingRequest::isOver);
        outbox.clear().stream().filter(request -> !request.expectsResponse()).forEach(lost::add);
        if (encoding != null) {
            lost.add(encoding);
        }
        lost.addAll(waiting);
        waiting.clear();
        List<Throwable> failures = lost.stream()
                .map(request -> nowNanos != Long.MIN_VALUE && request.isLate(nowNanos) ? expired(request) : Diagnosis.lost(request, node, cause))
                .toList();
        become(ConnectionState.CLOSED);
        tellIfSent();
        try {
            owner.closed(this, before, cause);
        } finally {
            for (int i = 0; i < lost.size(); i++) {
                lost.get(i).fail(failures.get(i));
            }
        }
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
