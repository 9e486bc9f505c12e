package dev.kafkaboot.client.net;

import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.Node;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the byte channel of one connection: looks up where the broker is reached, afresh, and tries its addresses in turn, each within the limit (KIP-302,
 * KIP-601, KIP-602), those last that did not work before. On the loop only.
 *
 * <p>The channel's handler is the connection. While the dialer is at work the connection passes on to it what becomes of each attempt.
 */
final class Dialer {

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Node node;
    private final AddressHistory history;
    private final Duration limit;
    private final Transport.Handler handler;
    private final Consumer<Throwable> failed;
    private AddressAttempts attempts = new AddressAttempts(List.of());
    private @Nullable Transport transport;
    private @Nullable InetSocketAddress address;
    private @Nullable Timer timer;
    private boolean isCanonical;
    private boolean over;

    /**
     * Makes one.
     *
     * @param history of the node's addresses
     * @param handler of the channel
     * @param failed hears that no address worked, or that there is none
     */
    Dialer(EventLoop loop, ConnectionSettings settings, Node node, AddressHistory history, Duration limit, Transport.Handler handler, Consumer<Throwable> failed) {
        this.loop = loop;
        this.settings = settings;
        this.node = node;
        this.history = history;
        this.limit = limit;
        this.handler = handler;
        this.failed = failed;
    }

    void dial() {
        HostPort reach;
        try {
            reach = settings.names().reach(node);
        } catch (RuntimeException failure) { // a user's map, or a broker that advertises what cannot be a host
            fail(new ConnectionProblem("cannot be reached, its address makes no sense: " + failure.getMessage(), failure));
            return;
        }
        if (settings.transports().resolvesNames(reach.host(), reach.port())) {
            tryAll(List.of(InetSocketAddress.createUnresolved(reach.host(), reach.port())));
            return;
        }
        timer = loop.schedule(limit, () -> fail(Diagnosis.silent("resolve to an address", limit)));
        isCanonical = settings.names().isCanonical(node);
        lookUp(reach.host()).whenComplete((resolved, failure) -> {
            if (over) {
                return;
            }
            if (failure == null) {
                tryAll(history.order(resolved).stream().map(found -> new InetSocketAddress(found, reach.port())).toList());
            } else {
                Throwable cause = Failures.cause(failure);
                fail(new ConnectionProblem(Diagnosis.reason(cause), cause));
            }
        });
    }

    private CompletableFuture<List<InetAddress>> lookUp(String host) {
        return isCanonical ? settings.names().lookUpCanonical(loop, host) : settings.names().lookUp(loop, host);
    }

    private void tryAll(List<InetSocketAddress> addresses) {
        attempts = new AddressAttempts(addresses);
        tryNext();
    }

    private void tryNext() {
        cancelTimer();
        address = attempts.next();
        if (address == null) {
            fail(attempts.outcome());
            return;
        }
        timer = loop.schedule(limit, () -> {
            Throwable silence = Diagnosis.silent(transport == null ? "accept the connection" : transport.awaits(), limit);
            closeTransport();
            attemptFailed(silence);
        });
        try {
            transport = settings.transports().open(loop, host(), address, settings.socket(), handler);
        } catch (RuntimeException failure) {
            attemptFailed(failure);
        }
    }

    /** The name of the broker that certificates and Kerberos go by: the advertised one, or the canonical one of the address that is being tried or works. */
    String host() {
        return isCanonical && address != null ? address.getHostString() : node.host();
    }

    /** The address that is being tried does not work. */
    void attemptFailed(Throwable cause) {
        transport = null;
        suspect();
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

    /** The connection over the address that works has become ready. */
    void proven() {
        if (address != null && address.getAddress() != null) {
            history.worked(address.getAddress());
        }
    }

    /** The address is of no use for now: it does not work, or there is no broker behind it that can be spoken to. */
    void suspect() {
        if (address != null && address.getAddress() != null) {
            history.failed(address.getAddress());
        }
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
