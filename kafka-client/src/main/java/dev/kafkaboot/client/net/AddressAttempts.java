package dev.kafkaboot.client.net;

import dev.kafkaboot.client.SslAuthenticationException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses of one host, to be tried one after the other (KIP-302), and what became of each. */
public final class AddressAttempts {

    private final List<InetSocketAddress> addresses;
    private final List<String> failures = new ArrayList<>();
    private @Nullable Throwable last;
    private @Nullable SslAuthenticationException untrusted;
    private int next;

    /** Addresses in the order in which they are tried. */
    public AddressAttempts(List<InetSocketAddress> addresses) {
        this.addresses = addresses;
    }

    /** The next address, or null if all were tried. */
    public @Nullable InetSocketAddress next() {
        return next < addresses.size() ? addresses.get(next++) : null;
    }

    /** The address that was handed out last did not work. */
    public void failed(Throwable failure) {
        last = failure;
        if (untrusted == null && failure instanceof SslAuthenticationException found) {
            untrusted = found;
        }
        InetSocketAddress tried = addresses.get(next - 1);
        failures.add((tried.getAddress() == null ? tried.getHostString() : tried.getAddress().getHostAddress()) + " " + Diagnosis.reason(failure));
    }

    /**
     * What to tell when none worked: the failure itself if there is but one address. A wrong certificate at one of them is what counts, whatever became of the
     * others.
     */
    public Throwable outcome() {
        SslAuthenticationException wrong = untrusted;
        Throwable cause = wrong != null ? wrong : last != null ? last : new IllegalStateException("no address");
        if (failures.size() <= 1) {
            return cause instanceof SslAuthenticationException ? cause : new ConnectionProblem(Diagnosis.reason(cause), cause);
        }
        String all = "cannot be connected to at any of its addresses: " + String.join(", ", failures);
        return wrong != null ? new SslAuthenticationException(wrong.broker(), all, wrong) : new ConnectionProblem(all, cause);
    }
}
