package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.SslAuthenticationException;
import dev.kafkaboot.client.net.AddressAttempts;
import dev.kafkaboot.client.net.ConnectionProblem;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.SocketOptions;
import dev.kafkaboot.client.net.Transport;
import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A byte channel to a broker through a proxy. On the loop only.
 *
 * <p>It looks up the proxy's name, tries its addresses in turn, and goes through the exchange in which the proxy is asked for the broker. From then on bytes
 * pass through. It has no time-out of its own: who opens a transport closes it when that takes too long, and then {@link #awaits} tells how far it came. An
 * address of the proxy at which it was closed is tried last the next time.
 */
final class Tunnel implements Transport {

    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What is read of a proxy's answer in one turn: one that never comes to its end is not to hold the loop, nor its timers. */
    private static final int ANSWER_BYTES_PER_TURN = 256 * 1024;

    private enum Phase {
        RESOLVING,
        CONNECTING,
        ASKING,
        OPEN,
        CLOSED
    }

    private final ProxiedTransports factory;
    private final EventLoop loop;
    private final InetSocketAddress target;
    private final SocketOptions options;
    private final Handler handler;

    private Phase phase = Phase.RESOLVING;
    private AddressAttempts attempts = new AddressAttempts(List.of());
    private @Nullable InetAddress tried;
    private @Nullable Transport channel;
    private @Nullable ProxyExchange exchange;
    private ByteBuffer toSend = NOTHING;
    private ByteBuffer received = ByteBuffer.allocate(ProxyExchange.UNREAD_MAX); // until the tunnel is open, ready to be filled; then, to be read
    private boolean isRead = true;

    Tunnel(ProxiedTransports factory, EventLoop loop, InetSocketAddress target, SocketOptions options, Handler handler) {
        this.factory = factory;
        this.loop = loop;
        this.target = target;
        this.options = options;
        this.handler = handler;
    }

    /** Begins; the handler hears of the outcome later. */
    void start() {
        loop.execute(() -> {
            if (phase == Phase.RESOLVING) {
                factory.names().lookUp(loop, factory.url().host()).whenComplete(this::resolved);
            }
        });
    }

    private void resolved(@Nullable List<InetAddress> addresses, @Nullable Throwable failure) {
        if (phase != Phase.RESOLVING) {
            return;
        }
        if (addresses == null) {
            Throwable cause = failure == null ? new IllegalStateException("no address") : Failures.cause(failure);
            if (cause instanceof ClientClosedException) {
                end(cause);
            } else {
                fail(ConnectionProblem.reason(cause), cause);
            }
            return;
        }
        attempts = new AddressAttempts(factory.history().order(addresses).stream()
                .map(address -> new InetSocketAddress(address, factory.url().port()))
                .toList());
        phase = Phase.CONNECTING;
        tryNext();
    }

    private void tryNext() {
        InetSocketAddress next = attempts.next();
        if (next == null) {
            attemptsFailed(attempts.outcome());
            return;
        }
        tried = next.getAddress();
        try {
            channel = factory.connect(loop, next, options, new Events());
        } catch (RuntimeException failure) {
            attemptFailed(failure);
        }
    }

    private void attemptsFailed(Throwable outcome) {
        if (outcome instanceof SslAuthenticationException untrusted) { // whoever this is, it is not to be told the user's password
            end(new SslAuthenticationException(target.getHostString() + ":" + target.getPort(), throughProxy() + ": the proxy " + untrusted.reason(), untrusted));
        } else {
            fail(ConnectionProblem.reason(outcome), outcome);
        }
    }

    private void attemptFailed(Throwable cause) {
        channel = null;
        suspectProxy();
        attempts.failed(cause);
        tryNext();
    }

    private void suspectProxy() {
        if (tried != null) {
            factory.history().failed(tried);
        }
    }

    /** What happens to the connection to the proxy. */
    private final class Events implements Handler {

        @Override
        public void connected() {
            phase = Phase.ASKING;
            try {
                exchange = factory.ask(target);
                proceed();
            } catch (IOException | RuntimeException failure) {
                refused(failure);
            }
        }

        @Override
        public void readable() {
            if (phase == Phase.OPEN) {
                handler.readable();
            } else if (phase == Phase.ASKING) {
                try {
                    receive();
                } catch (IOException | RuntimeException failure) {
                    refused(failure);
                }
            }
        }

        @Override
        public void writable() {
            if (phase == Phase.OPEN) {
                handler.writable();
            } else if (phase == Phase.ASKING) {
                try {
                    flush();
                    openIfComplete();
                } catch (IOException failure) {
                    refused(failure);
                }
            }
        }

        @Override
        public void closed(Throwable cause) {
            switch (phase) {
                case RESOLVING, CLOSED -> { /* there was no connection, or there is none any more */ }
                case CONNECTING -> {
                    if (cause instanceof ClientClosedException) {
                        end(cause);
                    } else {
                        attemptFailed(cause);
                    }
                }
                case ASKING -> {
                    if (cause instanceof ClientClosedException) {
                        end(cause);
                    } else {
                        refused(cause);
                    }
                }
                case OPEN -> end(cause);
            }
        }
    }

    // ---- asking

    private void receive() throws IOException {
        int left = ANSWER_BYTES_PER_TURN;
        while (phase == Phase.ASKING && !exchange().isComplete() && left > 0) { // if there is more, the channel calls again
            int count = open().read(received);
            left -= count;
            if (count < 0) {
                exchange().ended();
                throw new ProxyException("closed the connection and " + missingOfProxy());
            }
            if (count == 0) {
                return;
            }
            proceed();
            if (phase == Phase.ASKING && !received.hasRemaining()) {
                throw new ProxyException("sent more than " + received.capacity() + " bytes and " + missingOfProxy());
            }
        }
    }

    /** Lets the exchange go on for as long as it makes something of what has come. */
    private void proceed() throws IOException {
        ProxyExchange asked = exchange();
        received.flip();
        try {
            int before;
            do {
                before = received.remaining();
                send(asked.proceed(received));
            } while (!asked.isComplete() && received.hasRemaining() && received.remaining() < before);
        } finally {
            received.compact();
        }
        openIfComplete();
    }

    private void send(ByteBuffer bytes) throws IOException {
        toSend = toSend.hasRemaining() ? ByteBuffer.allocate(toSend.remaining() + bytes.remaining()).put(toSend).put(bytes).flip() : bytes;
        flush();
    }

    private void flush() throws IOException {
        if (toSend.hasRemaining()) {
            open().write(new ByteBuffer[] {toSend}, 0, 1);
        }
        open().wantWrite(toSend.hasRemaining());
    }

    private Transport open() {
        if (channel == null) {
            throw new IllegalStateException("There is no connection to the proxy");
        }
        return channel;
    }

    private ProxyExchange exchange() {
        if (exchange == null) {
            throw new IllegalStateException("The proxy has not been spoken to");
        }
        return exchange;
    }

    // ---- the outcome

    private void openIfComplete() {
        if (exchange().isComplete() && !toSend.hasRemaining()) {
            phase = Phase.OPEN;
            if (tried != null) {
                factory.history().worked(tried);
            }
            exchange = null;
            received.flip();
            received = received.hasRemaining() ? received : NOTHING;
            handler.connected();
            loop.execute(this::tellReadable); // what was read ahead, here or by a layer below, makes no event
        }
    }

    private void tellReadable() {
        if (phase == Phase.OPEN && isRead) {
            try {
                handler.readable();
            } catch (RuntimeException failure) { // in an event of the selector it costs the connection too
                log.error("The connection to {} is closed because its handler failed", target, failure);
                end(failure);
            }
        }
    }

    private void refused(Throwable failure) {
        fail(failure instanceof ProxyException ? String.valueOf(failure.getMessage()) : ConnectionProblem.reason(failure), failure);
    }

    private void fail(String words, Throwable cause) {
        end(new ConnectionProblem(throughProxy() + ": the proxy " + words, cause));
    }

    private void end(Throwable cause) {
        if (phase != Phase.CLOSED) {
            shut();
            handler.closed(cause);
        }
    }

    private String throughProxy() {
        return "cannot be reached through the proxy " + factory.url();
    }

    // ---- what the layer above does

    @Override
    public String awaits() {
        return switch (phase) {
            case RESOLVING -> "become reachable through the proxy " + factory.url() + ": the proxy did not resolve to an address";
            case CONNECTING -> "become reachable through the proxy " + factory.url() + ": the proxy did not "
                    + (channel == null ? Transport.super.awaits() : channel.awaits());
            case ASKING -> "become reachable through the proxy " + factory.url() + ": the proxy " + missingOfProxy();
            case OPEN, CLOSED -> Transport.super.awaits();
        };
    }

    private String missingOfProxy() {
        return "did not " + exchange().awaited();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!received.hasRemaining()) {
            return open().read(target);
        }
        int count = Math.min(received.remaining(), target.remaining());
        target.put(received.slice(received.position(), count));
        received.position(received.position() + count);
        return count;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return open().write(sources, offset, length);
    }

    @Override
    public boolean hasUnsent() {
        return channel != null && channel.hasUnsent();
    }

    @Override
    public void wantWrite(boolean wanted) {
        if (phase == Phase.OPEN) {
            open().wantWrite(wanted);
        }
    }

    @Override
    public void wantRead(boolean wanted) {
        isRead = wanted;
        if (phase == Phase.OPEN) {
            open().wantRead(wanted);
            if (wanted && received.hasRemaining()) {
                loop.execute(this::tellReadable);
            }
        }
    }

    @Override
    public void close() {
        if (phase == Phase.CONNECTING || phase == Phase.ASKING) {
            suspectProxy(); // whoever opened this has lost patience
        }
        shut();
    }

    private void shut() {
        phase = Phase.CLOSED;
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
