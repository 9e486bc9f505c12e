package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.net.ConnectionProblem;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TLS channel over another channel. On the loop only.
 *
 * <p><b>Life.</b> The channel below is opened. Then an engine is made, off the loop, because the keys may have to be read and made for it. Then the two sides
 * shake hands: the loop carries records to and fro, and what the engine has to compute goes off the loop; meanwhile nothing is read. When that is done the
 * handler hears that it is connected, and plain bytes go through.
 *
 * <p><b>Reading.</b> Records that are here already make no event of the channel below, so the handler is called again, by a task, as long as there are any.
 *
 * <p><b>After the handshake</b> an engine may have more to say: the answer to a key update of TLS 1.3 goes out with the next record or by itself. A new
 * handshake on an open connection (TLS 1.2) is refused, because none of what was negotiated may change under a client's feet.
 *
 * <p><b>End.</b> {@link #close} says so within TLS if the channel takes it at once, and waits for nothing. A peer that ends the stream without saying so is
 * told apart from one that does: the first is a failure, the second the end.
 */
final class TlsTransport implements Transport, Transport.Handler {

    private static final Logger log = LoggerFactory.getLogger(TlsTransport.class);
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    /** Records without a byte for the handler that are gone through in one turn: a peer that sends nothing else is not to hold the loop, nor its timers. */
    private static final int FRUITLESS_PER_TURN = 64;

    private enum State {
        CONNECTING,
        PREPARING,
        SHAKING_HANDS,
        OPEN,
        CLOSED
    }

    private final EventLoop loop;
    private final TlsSettings settings;
    private final SharedContext contexts;
    private final String host;
    private final int port;
    private final RecordBuffers buffers;
    private final Handler handler;
    private final TlsFailures failures;

    private State state = State.CONNECTING;
    private @Nullable Transport below;
    private @Nullable Session session;
    private boolean computing;
    private boolean wantsRead = true;
    private boolean wantsWrite;
    private boolean delivering;
    private boolean deliveryScheduled;
    private boolean handshakeScheduled;
    private int fruitless;
    private boolean hasReadPlain;
    private boolean endTold;
    private @Nullable IOException failure;

    /** What there is once the engine is made. */
    private record Session(SSLEngine engine, Transport below, RecordReader reader, RecordWriter writer) {

        boolean isTls13() {
            return engine.getSession().getProtocol().equals("TLSv1.3");
        }
    }

    TlsTransport(EventLoop loop, TlsSettings settings, SharedContext contexts, String host, int port, RecordBuffers buffers, Handler handler) {
        this.loop = loop;
        this.settings = settings;
        this.contexts = contexts;
        this.host = host;
        this.port = port;
        this.buffers = buffers;
        this.handler = handler;
        this.failures = new TlsFailures(host + ":" + port, settings);
    }

    /** Says which channel this one is over; before that channel has called anything. */
    void over(Transport channel) {
        below = channel;
    }

    // ---- setting up

    @Override
    public void connected() {
        Transport channel = below;
        if (channel == null || state != State.CONNECTING) {
            throw new IllegalStateException("A channel for TLS opened that nobody waits for: " + state);
        }
        state = State.PREPARING;
        channel.wantRead(false); // a server does not speak first
        contexts.ask(loop).whenComplete((context, problem) -> {
            if (state != State.PREPARING) {
                return;
            }
            if (problem != null) {
                fail(noContext(Failures.cause(problem)));
            } else {
                prepare(channel, context);
            }
        });
    }

    /** Not a word about the broker: it was not even asked. */
    private static Throwable noContext(Throwable cause) {
        return cause instanceof ClientClosedException
                ? cause
                : new ConnectionProblem("cannot be connected to: the TLS context cannot be had: " + (cause.getMessage() == null ? cause : cause.getMessage()), cause);
    }

    private void prepare(Transport channel, SSLContext context) {
        loop.offload(() -> settings.newEngine(context, host, port)).whenComplete((engine, problem) -> {
            if (state != State.PREPARING) {
                return;
            }
            if (problem != null) {
                fail(Failures.cause(problem));
                return;
            }
            session = new Session(engine, channel, new RecordReader(engine, channel, buffers, failures::checkFirst), new RecordWriter(engine, channel, buffers));
            state = State.SHAKING_HANDS;
            shakeHands();
        });
    }

    @Override
    public String awaits() {
        if (state == State.CONNECTING && below != null) {
            return below.awaits();
        }
        return state == State.PREPARING ? "get to see a TLS handshake, as the TLS context was not there" : "finish the TLS handshake";
    }

    private void shakeHands() {
        Session now = session;
        if (now == null || computing) {
            return;
        }
        try {
            boolean goesOn = true;
            int steps = 0;
            while (goesOn && state == State.SHAKING_HANDS && steps < FRUITLESS_PER_TURN) {
                goesOn = step(now);
                steps++;
            }
            if (goesOn && state == State.SHAKING_HANDS) {
                shakeHandsLater();
            }
            if (state == State.SHAKING_HANDS) {
                now.writer.flush();
                adjustInterest();
            }
        } catch (IOException | RuntimeException problem) {
            fail(problem);
        }
    }

    private void shakeHandsLater() {
        if (!handshakeScheduled) {
            handshakeScheduled = true;
            loop.execute(() -> {
                handshakeScheduled = false;
                if (state == State.SHAKING_HANDS) {
                    shakeHands();
                }
            });
        }
    }

    /** One step of the handshake; answers whether the next may follow at once. */
    private boolean step(Session now) throws IOException {
        return switch (now.engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                compute(now);
                yield false;
            }
            case NEED_WRAP -> {
                boolean done = now.writer.wrapOwn();
                failures.note(now.engine);
                yield done;
            }
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> now.writer.flush() && receive(now);
            case FINISHED, NOT_HANDSHAKING -> {
                open(now);
                yield false;
            }
        };
    }

    private boolean receive(Session now) throws IOException {
        RecordReader.Step step;
        try {
            step = now.reader.next(NO_BYTES);
        } catch (IOException broken) {
            if (broken instanceof SSLException || broken instanceof ConnectionProblem) {
                throw broken;
            }
            throw failures.endedInHandshake(now.reader.hasSeenAny());
        }
        return switch (step) {
            case PROGRESS -> true;
            case STARVED -> false;
            case CLOSED, CUT_OFF -> throw failures.endedInHandshake(now.reader.hasSeenAny());
        };
    }

    /** Runs what the engine has to compute off the loop. The engine is not touched meanwhile: it would make the loop wait. */
    private void compute(Session now) {
        computing = true;
        adjustInterest();
        loop.offload(() -> {
            for (Runnable task = now.engine.getDelegatedTask(); task != null; task = now.engine.getDelegatedTask()) {
                task.run();
            }
            return true;
        }).whenComplete((done, problem) -> {
            computing = false;
            if (state == State.CLOSED) {
                return;
            }
            if (problem != null) {
                fail(Failures.cause(problem));
            } else if (state == State.SHAKING_HANDS) {
                shakeHands();
            } else {
                loop.execute(() -> guard(() -> computed(now))); // what the handler throws is not to be lost in a future
            }
        });
    }

    private void open(Session now) throws IOException {
        now.writer.flush();
        state = State.OPEN;
        adjustInterest();
        handler.connected();
        deliverMore();
    }

    /** The channel could not be opened, or its handler failed. */
    private void fail(Throwable problem) {
        Throwable explained = failures.explain(problem);
        end();
        handler.closed(explained);
    }

    // ---- events of the channel below

    @Override
    public void readable() {
        if (state == State.SHAKING_HANDS) {
            shakeHands();
        } else {
            deliver();
        }
    }

    @Override
    public void writable() {
        Session now = session;
        if (state == State.SHAKING_HANDS) {
            shakeHands();
            return;
        }
        if (state != State.OPEN || now == null) {
            return;
        }
        try {
            boolean flushed = now.writer.flush();
            adjustInterest();
            if (!flushed) {
                return;
            }
        } catch (IOException broken) {
            broken(now, broken);
            return;
        }
        if (wantsWrite) {
            handler.writable();
        }
    }

    @Override
    public void closed(Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        release();
        handler.closed(cause);
    }

    /** Lets the handler read: what is to read, or a failure that no call of its own has met. */
    private void deliver() {
        if (state != State.OPEN || !wantsRead || computing) {
            return;
        }
        delivering = true;
        fruitless = 0;
        try {
            handler.readable();
        } finally {
            delivering = false;
        }
        deliverMore();
    }

    private void deliverMore() {
        Session now = session;
        if (state != State.OPEN || now == null || !wantsRead || computing || delivering || deliveryScheduled || endTold) {
            return;
        }
        if (failure != null || now.reader.hasMore() || fruitless >= FRUITLESS_PER_TURN) {
            deliveryScheduled = true;
            loop.execute(() -> {
                deliveryScheduled = false;
                guard(this::deliver);
            });
        }
    }

    /** Lets the handler's failure in a task cost what it costs in an event of the selector: the connection. */
    private void guard(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException failure) {
            log.error("The connection to {}:{} is closed because its handler failed", host, port, failure);
            if (state != State.CLOSED) {
                fail(failure);
            }
        }
    }

    private void broken(Session now, IOException problem) {
        failure = broken(now, problem, /* isWriting= */ true);
        deliverMore();
    }

    // ---- plain bytes

    @Override
    public int read(ByteBuffer target) throws IOException {
        Session now = session;
        if (failure != null) {
            endTold = true;
            throw failure;
        }
        if (state != State.OPEN || now == null) {
            return 0;
        }
        int total = 0;
        try {
            total = read(now, target);
        } catch (IOException | RuntimeException problem) {
            endTold = true;
            throw problem;
        } finally {
            deliverMore();
        }
        return total;
    }

    private int read(Session now, ByteBuffer target) throws IOException {
        int before = target.position();
        while (target.hasRemaining()) {
            if (now.reader.drain(target) > 0) {
                continue;
            }
            if (computing || fruitless >= FRUITLESS_PER_TURN) {
                break;
            }
            RecordReader.Step step;
            try {
                int position = target.position();
                step = now.reader.next(target);
                if (step == RecordReader.Step.PROGRESS) {
                    fruitless += target.position() == position && now.reader.drain(target) == 0 ? 1 : 0;
                    answer(now);
                    continue;
                }
            } catch (IOException problem) {
                IOException explained = broken(now, problem, /* isWriting= */ false);
                if (target.position() == before) {
                    throw explained;
                }
                failure = explained;
                break;
            }
            if (step == RecordReader.Step.STARVED || target.position() > before) {
                break;
            }
            endTold = true;
            return endOf(step);
        }
        hasReadPlain |= target.position() > before;
        return target.position() - before;
    }

    private int endOf(RecordReader.Step step) throws IOException {
        if (!hasReadPlain) {
            throw failures.endedFirst();
        }
        if (step == RecordReader.Step.CUT_OFF) {
            throw TlsFailures.cutOff();
        }
        return -1;
    }

    /** Sees to what the engine has to say or to compute after a record that was not only data. */
    private void answer(Session now) throws IOException {
        HandshakeStatus status = now.engine.getHandshakeStatus();
        if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
            return;
        }
        if (!now.isTls13()) {
            throw TlsFailures.renegotiation();
        }
        boolean hasRoom = true;
        while (hasRoom && now.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            hasRoom = now.writer.wrapOwn();
        }
        now.writer.flush();
        if (now.engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            compute(now);
        }
        adjustInterest();
    }

    private void computed(Session now) {
        if (state != State.OPEN || computing) {
            return;
        }
        try {
            answer(now);
            adjustInterest();
            deliver();
            if (state == State.OPEN && wantsWrite) {
                handler.writable();
            }
        } catch (IOException problem) {
            broken(now, problem);
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Session now = session;
        if (failure != null) {
            throw failure;
        }
        if (state != State.OPEN || now == null || computing) {
            return 0;
        }
        try {
            long taken = now.writer.write(sources, offset, length);
            adjustInterest();
            return taken;
        } catch (IOException problem) {
            throw broken(now, problem, /* isWriting= */ true);
        }
    }

    /** What to say of a broken channel. A peer that closes on account of something said so before the channel broke, and that may lie here unread. */
    private IOException broken(Session now, IOException problem, boolean isWriting) {
        IOException first = problem;
        if (isWriting && !(problem instanceof SSLException)) {
            IOException said = lastWord(now);
            first = said == null ? problem : said;
        }
        IOException explained = failures.explainOpen(first);
        return explained == problem && !hasReadPlain && !(problem instanceof ConnectionProblem)
                ? failures.endedFirst() : explained;
    }

    private @Nullable IOException lastWord(Session now) {
        ByteBuffer unread = null;
        try {
            unread = buffers.take();
            RecordReader.Step step = RecordReader.Step.PROGRESS;
            for (int i = 0; i < FRUITLESS_PER_TURN && step == RecordReader.Step.PROGRESS; i++) {
                now.reader.drain(unread.clear());
                step = now.reader.next(unread.clear());
            }
        } catch (SSLException said) {
            return said;
        } catch (IOException | RuntimeException nothingSaid) {
            return null;
        } finally {
            buffers.give(unread);
        }
        return null;
    }

    @Override
    public boolean hasUnsent() {
        Session now = session;
        return now != null && (now.writer.isPending() || now.below.hasUnsent());
    }

    @Override
    public void wantWrite(boolean wanted) {
        wantsWrite = wanted;
        adjustInterest();
    }

    @Override
    public void wantRead(boolean wanted) {
        wantsRead = wanted;
        adjustInterest();
        deliverMore();
    }

    private void adjustInterest() {
        Session now = session;
        if (now == null || state == State.CLOSED) {
            return;
        }
        boolean reads = state == State.OPEN ? wantsRead : !now.writer.isPending();
        now.below.wantRead(reads && !computing);
        now.below.wantWrite(now.writer.isPending() || state == State.OPEN && wantsWrite && !computing);
    }

    // ---- the end

    @Override
    public void close() {
        if (state != State.CLOSED) {
            end();
        }
    }

    /** Says what there is to say in TLS, an alert or the end, if the channel takes it at once; then closes. */
    private void end() {
        Session now = session;
        Transport channel = below;
        state = State.CLOSED;
        if (now != null && !computing) {
            try {
                now.engine.closeOutbound();
                boolean hasRoom = true;
                while (hasRoom && !now.engine.isOutboundDone() && now.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    hasRoom = now.writer.wrapOwn();
                }
                now.writer.flush();
            } catch (IOException | RuntimeException unheard) {
                // the peer sees the end of the stream either way
            }
        }
        if (channel != null) {
            channel.close();
        }
        release();
    }

    private void release() {
        state = State.CLOSED;
        Session now = session;
        if (now != null) {
            now.reader.release();
            now.writer.release();
        }
        session = null;
    }
}
