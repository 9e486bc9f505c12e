package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.SslAuthenticationException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressAttemptsTest {

    private static SslAuthenticationException wrong() {
        return new SslAuthenticationException("b1:9093", "showed a wrong certificate", null);
    }

    private static InetSocketAddress loopback(int last) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last}), 9093);
    }

    private static AddressAttempts of(Throwable... failures) throws UnknownHostException {
        List<InetSocketAddress> addresses = List.of(loopback(1), loopback(2));
        AddressAttempts attempts = new AddressAttempts(addresses.subList(0, failures.length));
        for (Throwable failure : failures) {
            assertThat(attempts.next()).isNotNull();
            attempts.failed(failure);
        }
        assertThat(attempts.next()).isNull();
        return attempts;
    }

    @Test
    void wrongCertificateAtOneAddressIsNotHiddenByTheNext() throws UnknownHostException {
        Throwable outcome = of(wrong(), new ConnectException("Connection refused")).outcome();

        assertThat(outcome).isInstanceOf(SslAuthenticationException.class).hasMessage("b1:9093 cannot be connected to at any of its addresses: "
                + "127.0.0.1 showed a wrong certificate, 127.0.0.2 refused the connection");
    }

    @Test
    void failureAtAnAddressThatIsNotLookedUpHereIsToldToo() {
        AddressAttempts attempts = new AddressAttempts(
                List.of(InetSocketAddress.createUnresolved("b1.example", 9093), InetSocketAddress.createUnresolved("b2.example", 9093)));
        for (InetSocketAddress next = attempts.next(); next != null; next = attempts.next()) {
            attempts.failed(new ConnectException("Connection refused"));
        }

        assertThat(attempts.outcome()).hasMessageEndingWith(": b1.example refused the connection, b2.example refused the connection");
    }

    @Test
    void failureAtTheOnlyAddressIsTheOutcome() throws UnknownHostException {
        SslAuthenticationException only = wrong();

        assertThat(of(only).outcome()).isSameAs(only);
    }

    @Test
    void otherFailuresAreToldWithTheirAddresses() throws UnknownHostException {
        assertThat(of(new ConnectException("Connection refused"), new ConnectionProblem("does not speak TLS")).outcome())
                .isInstanceOf(ConnectionProblem.class)
                .hasMessage("cannot be connected to at any of its addresses: 127.0.0.1 refused the connection, 127.0.0.2 does not speak TLS");
    }
}
