package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
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
    private final Pause pause;

    private ConnectionState state = ConnectionState.WAITING;
    private @Nullable Transport transport;
    private @Nullable BrokerVersions versions;
    private @Nullable Timer setupTimer;
    private boolean pumpScheduled;
    private @Nullable PendingRequest<?> encoding;
    private long lastUsedNanos;

    Connection(EventLoop loop, ConnectionSettings settings, ReceiveBufferPool buffers, Node node, Duration setupLimit, ConnectionOwner owner) {
        this.loop = loop;
        this.settings = settings;
        this.buffers = buffers;
        this.node = node;
        this.setupLimit = setupLimit;
        this.owner = owner;
        this.reader = new FrameReader(buffers, this::checkSize);
        this.codec = new RequestCodec(node);
        this.dialer = new Dialer(loop, settings, node, setupLimit, this, this::close);
        this.deadlines = new DeadlineTimer(loop, this::checkDeadlines);
        this.pause = new Pause(loop, this::paused);
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

    ConnectionState state() {
        return state;
    }

    /** How many requests are before a new one. */
    int load() {
        return waiting.size() + awaited.size() + (encoding == null ? 0 : 1);
    }

    boolean isReady() {
        return state == ConnectionState.READY && !pause.isOn();
    }

    /** Whether the broker has not answered yet what was given up. */
    boolean isHeldUp() {
        return awaited.isHeldUp();
    }

    /** Whether nothing was sent or received for a time. */
    boolean isIdleFor(Duration time) {
        return state == ConnectionState.READY && load() == 0 && outbox.isEmpty() && loop.nanoTime() - lastUsedNanos >= Times.nanos(time);
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
        if (state != ConnectionState.READY || load() == 0 && outbox.isEmpty()) {
            close(null);
            return;
        }
        become(ConnectionState.CLOSING);
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
        new Handshake(this, codec, settings.authenticators()).run(this::negotiated).whenComplete((done, failure) -> {
            if (state == ConnectionState.CLOSED) {
                return;
            }
            if (failure != null) {
                close(Failures.cause(failure));
            } else {
                ready(done);
            }
        });
    }

    private void negotiated(BrokerVersions known) {
        versions = known;
        become(ConnectionState.AUTHENTICATING);
    }

    private void ready(BrokerVersions known) {
        cancel(setupTimer);
        become(ConnectionState.READY);
        owner.ready(this, known);
        pumpSoon();
    }

    /** Sends a request before the connection is ready. */
    <R extends ResponseMessage> CompletableFuture<R> sendAhead(RequestMessage<R> request, short version) {
        PendingRequest<R> pending = new PendingRequest<>(request.apiKey(), any -> request, settings.clientId(),
                RequestOptions.of(ConnectionClass.GENERAL, setupLimit), loop.nanoTime());
        encode(pending, version);
        pumpSoon();
        return pending.future.thenApply(frame -> {
            frame.release();
            return frame.response();
        });
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
                open.wantWrite(!drained);
                closeIfDrained();
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    private boolean maySend() {
        return state.isSetUp() && !pause.isOn();
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
        lastUsedNanos = loop.nanoTime();
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
        boolean isFirst = state == ConnectionState.NEGOTIATING && !reader.hasRead() && !(failure instanceof ConnectionProblem);
        close(isFirst ? Diagnosis.endedFirst() : failure); // a server that closes without having read resets the connection
    }

    private void ended(FrameReader.EndOfStream end) {
        if (state == ConnectionState.NEGOTIATING && end.isFirst()) {
            close(Diagnosis.endedFirst());
        } else if (state == ConnectionState.READY && !end.isInsideFrame() && load() == 0 && outbox.isEmpty()) {
            close(null); // idle for too long in the broker's eyes, or it is going down
            owner.leftByPeer(this);
        } else {
            close(Diagnosis.ended(end));
        }
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
    }

    private void answered(PendingRequest<?> request, int bytes) {
        awaited.answered();
        if (awaited.isHeldUp()) {
            deadlines.arm(awaited.silenceEndNanos());
        }
        lastUsedNanos = loop.nanoTime();
        owner.received(this, request, bytes);
    }

    private <R extends ResponseMessage> void finish(PendingRequest<R> request, ByteBuffer frame) throws IOException {
        R response = codec.decode(request, frame);
        answered(request, frame.limit());
        if (response.throttleTimeMs() > 0 && versions != null && FrameBounds.clientPauses(versions)) {
            Duration length = Duration.ofMillis(response.throttleTimeMs());
            owner.throttled(this, request, length);
            pause.begin(length);
        }
        request.complete(new ReceivedFrame<>(response, request.version(), node, request.writtenNanos(), frame, buffers));
    }

    private void paused() {
        awaited.heard(loop.nanoTime()); // the silence was asked for
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
        return Diagnosis.expired(request, node, state, pause.isOn(), owner.describe(this));
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
        if (state == ConnectionState.CLOSING && load() == 0 && outbox.isEmpty()) {
            close(null);
        }
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
        dialer.stop();
        if (transport != null) {
            transport.close();
            transport = null;
        }
        reader.close();
        cancel(setupTimer);
        pause.cancel();
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
