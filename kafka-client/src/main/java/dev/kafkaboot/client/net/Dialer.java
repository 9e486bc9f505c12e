package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the byte channel of one connection: waits, looks the name up, and tries its addresses in turn, each within the limit (KIP-302, KIP-601). On the
 * loop only.
 *
 * <p>The channel's handler is the connection. While the dialer is at work the connection passes on to it what becomes of each attempt.
 */
final class Dialer {

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Node node;
    private final Duration limit;
    private final Transport.Handler handler;
    private final Consumer<Throwable> failed;
    private AddressAttempts attempts = new AddressAttempts(List.of());
    private @Nullable Transport transport;
    private @Nullable Timer timer;
    private boolean over;

    /**
     * Makes one.
     *
     * @param handler of the channel
     * @param failed hears that no address worked, or that there is none
     */
    Dialer(EventLoop loop, ConnectionSettings settings, Node node, Duration limit, Transport.Handler handler, Consumer<Throwable> failed) {
        this.loop = loop;
        this.settings = settings;
        this.node = node;
        this.limit = limit;
        this.handler = handler;
        this.failed = failed;
    }

    void dial() {
        if (settings.transports().resolvesNames()) {
            tryAll(List.of(InetSocketAddress.createUnresolved(node.host(), node.port())));
            return;
        }
        timer = loop.schedule(limit, () -> fail(Diagnosis.silent("resolve to an address", limit)));
        loop.resolve(node.host()).whenComplete((resolved, failure) -> {
            if (over) {
                return;
            }
            if (failure == null) {
                tryAll(resolved.stream().map(address -> new InetSocketAddress(address, node.port())).toList());
            } else {
                Throwable cause = Failures.cause(failure);
                fail(new ConnectionProblem(Diagnosis.reason(cause), cause));
            }
        });
    }

    private void tryAll(List<InetSocketAddress> addresses) {
        attempts = new AddressAttempts(addresses);
        tryNext();
    }

    private void tryNext() {
        cancelTimer();
        InetSocketAddress address = attempts.next();
        if (address == null) {
            fail(attempts.outcome());
            return;
        }
        timer = loop.schedule(limit, () -> {
            closeTransport();
            attemptFailed(Diagnosis.silent("accept the connection", limit));
        });
        try {
            transport = settings.transports().open(loop, node.host(), address, settings.socket(), handler);
        } catch (RuntimeException failure) {
            attemptFailed(failure);
        }
    }

    /** The address that is being tried does not work. */
    void attemptFailed(Throwable cause) {
        transport = null;
        attempts.failed(cause);
        tryNext();
    }

    /** The address that is being tried works. */
    Transport succeeded() {
        Transport open = transport;
        if (open == null) {
            throw new IllegalStateException("A connection came about that nobody asked for");
        }
        transport = null;
        over = true;
        cancelTimer();
        return open;
    }

    private void fail(Throwable cause) {
        stop();
        failed.accept(cause);
    }

    /** Ends the attempts, whatever has come of them. */
    void stop() {
        over = true;
        cancelTimer();
        closeTransport();
    }

    private void closeTransport() {
        if (transport != null) {
            transport.close();
            transport = null;
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
