package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.answerAll;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AddressMap;
import dev.kafkaboot.client.DnsLookup;
import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.HostResolver;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where connections lead to, by name. */
@Timeout(60)
class BrokerNamesTest {

    private static final LoopbackServer.Script BROKER = (socket, number) -> {
        negotiate(socket);
        answerAll(socket, new MetadataResponse().clusterId("found"));
    };

    /** What was opened, as {@code name/address}. */
    private final List<String> opened = new ArrayList<>();

    private PoolUnderTest client(AddressMap map, HostResolver resolver, DnsLookup lookup) {
        return client(new BrokerNames(map, resolver, lookup));
    }

    private PoolUnderTest client(BrokerNames names) {
        ConnectionSettings plain = PoolUnderTest.settings();
        TransportFactory noted = (loop, host, address, options, handler) -> {
            opened.add(host + "/" + address.getAddress().getHostAddress());
            return loop.connect(address, options, handler);
        };
        return new PoolUnderTest(new ConnectionSettings(plain.clientId(), plain.socket(), noted, plain.authenticators(), plain.setup(), plain.reconnect(),
                plain.silenceMax(), plain.maxIdle(), plain.frameBytesMax(), names));
    }

    private static CompletableFuture<MetadataResponse> ask(PoolUnderTest client, int id, String host, int port) {
        return client.send(new MetadataRequest(), new Node(id, host, port, null), RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT));
    }

    private static InetAddress local(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void brokerIsReachedWhereTheMapSaysUnderTheNameThatItAdvertises() throws Exception {
        try (LoopbackServer broker = LoopbackServer.start(BROKER);
                PoolUnderTest client = client(
                        advertised -> advertised.equals(new HostPort("b1.invalid", 9092)) ? new HostPort("127.0.0.1", broker.port()) : null,
                        HostResolver.SYSTEM, DnsLookup.USE_ALL_DNS_IPS)) {

            assertThat(ask(client, 1, "b1.invalid", 9092).join().clusterId()).isEqualTo("found");

            assertThat(opened).containsExactly("b1.invalid/127.0.0.1");
        }
    }

    @Test
    void mapThatThrowsCostsTheConnectionAndSaysWhy() {
        try (PoolUnderTest client = client(advertised -> {
            throw new IllegalStateException("no map today");
        }, HostResolver.SYSTEM, DnsLookup.USE_ALL_DNS_IPS)) {
            assertThatThrownBy(() -> ask(client, 1, "b1.invalid", 9092).join()).hasMessageContaining("its address makes no sense: no map today");
        }
    }

    @Test
    void brokerThatAdvertisesNoAddressIsToldSo() {
        try (PoolUnderTest client = client(BrokerNames.PLAIN)) {
            assertThatThrownBy(() -> ask(client, 1, "", -1).join()).hasMessageContaining("its address makes no sense");
            assertThat(opened).isEmpty();
        }
    }

    @Test
    void resolverIsAskedAfreshForEachConnectionAndNotForAddresses() throws Exception {
        List<String> asked = new ArrayList<>();
        HostResolver resolver = host -> {
            asked.add(host);
            return List.of(local(1));
        };
        LoopbackServer.Script hangsUpAfterOneAnswer = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.write(socket, LoopbackServer.frame(LoopbackServer.read(socket), new MetadataResponse()));
        };
        try (LoopbackServer broker = LoopbackServer.start(hangsUpAfterOneAnswer);
                PoolUnderTest client = client(AddressMap.NONE, resolver, DnsLookup.USE_ALL_DNS_IPS)) {
            ask(client, 1, "b1.invalid", broker.port()).join();
            client.until(() -> client.pool.size() == 0);
            ask(client, 1, "b1.invalid", broker.port()).join();
            ask(client, 2, "127.0.0.1", broker.port()).join();

            assertThat(asked).containsExactly("b1.invalid", "b1.invalid");
        }
    }

    @Test
    void resolverThatHangsDelaysNoOtherBroker() throws Exception {
        HostResolver resolver = host -> {
            if (host.startsWith("hangs")) {
                new CountDownLatch(1).await();
            }
            return List.of(local(1));
        };
        try (LoopbackServer broker = LoopbackServer.start(BROKER);
                PoolUnderTest client = client(AddressMap.NONE, resolver, DnsLookup.USE_ALL_DNS_IPS)) {
            List<CompletableFuture<MetadataResponse>> hanging = new ArrayList<>();
            for (int id = 100; id < 400; id++) {
                hanging.add(ask(client, id, "hangs-" + id, 9092));
            }

            assertThat(ask(client, 1, "b1.invalid", broker.port()).join().clusterId()).isEqualTo("found");
            assertThat(ask(client, 2, "127.0.0.1", broker.port()).join().clusterId()).isEqualTo("found");

            assertThat(hanging).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void addressThatDoesNotGetAConnectionReadyIsTriedLastTheNextTime() throws Exception {
        HostResolver resolver = host -> List.of(local(2), local(1));
        AtomicInteger accepted = new AtomicInteger();
        // On every address of the loopback network, since Linux has them all: what comes to 127.0.0.2 is accepted and closed.
        try (ServerSocket dead = new ServerSocket(0, 50, local(2))) {
            Thread acceptor = new Thread(() -> {
                try {
                    while (true) {
                        dead.accept().close();
                        accepted.incrementAndGet();
                    }
                } catch (IOException over) {
                    // the test has ended
                }
            });
            acceptor.setDaemon(true);
            acceptor.start();
            try (ServerSocket broker = new ServerSocket(dead.getLocalPort(), 50, local(1));
                    PoolUnderTest client = client(AddressMap.NONE, resolver, DnsLookup.USE_ALL_DNS_IPS)) {
                Thread server = new Thread(() -> {
                    try (Socket socket = broker.accept()) {
                        BROKER.serve(socket, 0);
                    } catch (Exception over) {
                        // the test has ended
                    }
                });
                server.setDaemon(true);
                server.start();
                assertThatThrownBy(() -> ask(client, 1, "b1.invalid", dead.getLocalPort()).join()).hasMessageContaining("closed the connection");

                assertThat(ask(client, 1, "b1.invalid", dead.getLocalPort()).join().clusterId()).isEqualTo("found");

                assertThat(opened).containsExactly("b1.invalid/127.0.0.2", "b1.invalid/127.0.0.1");
                assertThat(accepted).hasValue(1);
            }
        }
    }

    @Test
    void bootstrapServerIsCalledByTheCanonicalNamesOfItsAddresses() throws Exception {
        HostResolver resolver = host -> List.of(local(2), local(1));
        CanonicalNames canonical = new CanonicalNames(resolver, address -> address.equals(local(2)) ? "k2.invalid" : "k1.invalid");
        try (LoopbackServer broker = LoopbackServer.start(BROKER);
                PoolUnderTest client = client(new BrokerNames(AddressMap.NONE, resolver, canonical))) {
            ask(client, -1, "alias.invalid", broker.port()).join();
            ask(client, 1, "k1.invalid", broker.port()).join();

            assertThat(opened).containsExactly("k2.invalid/127.0.0.2", "k1.invalid/127.0.0.1", "k1.invalid/127.0.0.2", "k1.invalid/127.0.0.1");
        }
    }

    @Test
    void addressWithoutACanonicalNameKeepsTheOneThatIsConfigured() throws Exception {
        CanonicalNames canonical = new CanonicalNames(host -> List.of(local(1)), InetAddress::getHostAddress);

        List<InetAddress> found = canonical.resolve("alias.invalid");

        assertThat(new InetSocketAddress(found.get(0), 1).getHostString()).isEqualTo("alias.invalid");
        assertThat(found).containsExactly(local(1));
    }

    @Test
    void addressOfABootstrapServerHasACanonicalNameToo() throws Exception {
        CanonicalNames canonical = new CanonicalNames(host -> {
            throw new AssertionError("an address is not looked up");
        }, address -> "k1.invalid");

        assertThat(canonical.resolve("127.0.0.1")).extracting(InetAddress::getHostName).containsExactly("k1.invalid");
    }

    @Test
    void nameThatDoesNotResolveInTimeIsToldSo() throws Exception {
        HostResolver resolver = host -> {
            new CountDownLatch(1).await();
            return List.of();
        };
        ConnectionSettings hasty = PoolUnderTest.settings(Duration.ofMillis(20), Duration.ofMinutes(9));
        ConnectionSettings settings = new ConnectionSettings(hasty.clientId(), hasty.socket(), hasty.transports(), hasty.authenticators(), hasty.setup(),
                hasty.reconnect(), hasty.silenceMax(), hasty.maxIdle(), hasty.frameBytesMax(),
                new BrokerNames(AddressMap.NONE, resolver, DnsLookup.USE_ALL_DNS_IPS));
        try (PoolUnderTest client = new PoolUnderTest(settings)) {
            assertThatThrownBy(() -> ask(client, 1, "b1.invalid", 9092).join()).hasMessageContaining("did not resolve to an address within 20 ms");
        }
    }
}
