package dev.kafkaboot.client.net;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of one host, to be tried one after the other (KIP-302), and what became of each. */
final class AddressAttempts {

    private final List<InetSocketAddress> addresses;
    private final List<String> failures = new ArrayList<>();
    private @Nullable Throwable last;
    private int next;

    AddressAttempts(List<InetSocketAddress> addresses) {
        this.addresses = addresses;
    }

    /** The next address, or null if all were tried. */
    @Nullable InetSocketAddress next() {
        return next < addresses.size() ? addresses.get(next++) : null;
    }

    /** The address that was handed out last did not work. */
    void failed(Throwable failure) {
        last = failure;
        failures.add(addresses.get(next - 1).getAddress() == null ? "" : addresses.get(next - 1).getAddress().getHostAddress()
                + " " + Diagnosis.reason(failure));
    }

    /** What to tell when none worked: the failure itself if there is but one address. */
    ConnectionProblem outcome() {
        Throwable cause = last == null ? new IllegalStateException("no address") : last;
        return failures.size() <= 1
                ? new ConnectionProblem(Diagnosis.reason(cause), cause)
                : new ConnectionProblem("cannot be connected to at any of its addresses: " + String.join(", ", failures), cause);
    }
}
